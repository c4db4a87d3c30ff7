// How many statements a second the db decoy answers beside a real server: both under the same load in turns, so that what else the
// machine does meets both. Run: npm run build && node bench/db-rates.ts REAL_PORT [WORKLOAD…]   (root without a password on 127.0.0.1)
import { asShipped } from '../fuzz/as-shipped.ts';
import { freePort } from '../test/harness/ports.ts';
import { startDecoy } from '../test/harness/program.ts';
import { cpuUs, residentMb } from './processes.ts';
import { openLoad } from './statement-load.ts';
import { WORKLOADS, type Workload } from './workloads.ts';

const CONNECTIONS = [1, 4, 16, 64];
const WARM_UP_MS = 600;
/** Turns of each server, one after the other. */
const TURNS = 7;
const TURN_MS = 200;

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

interface Rate {
  readonly rate: number;
  /** CPU of the decoy a statement, µs. */
  readonly cost: number;
}

async function comparison(own: number, real: number, connections: number, workload: Workload): Promise<string> {
  const [ours, theirs] = [await openLoad(own, connections, workload), await openLoad(real, connections, workload)];
  const pids = [decoy.child.pid as number];
  const turn = async (): Promise<Rate> => {
    const before = cpuUs(pids);
    const rate = await ours.run(TURN_MS);
    return { rate, cost: (cpuUs(pids) - before) / ((rate * TURN_MS) / 1_000) };
  };
  const turns: { readonly own: Rate; readonly real: number }[] = [];
  for (const load of [ours, theirs]) await load.run(WARM_UP_MS);
  for (let count = 0; count < TURNS; count++) turns.push({ own: await turn(), real: await theirs.run(TURN_MS) });
  for (const load of [ours, theirs]) load.end();
  const ratio = median(turns.map((one) => one.own.rate / one.real));
  const rates = [median(turns.map((one) => one.own.rate)), median(turns.map((one) => one.real))] as const;
  const cost = median(turns.map((one) => one.own.cost));
  return `${ratio.toFixed(2)} × (${rates[0].toFixed(0)} to ${rates[1].toFixed(0)}; ${cost.toFixed(0)} µs CPU)`;
}

const real = Number(process.argv[2]);
const names = process.argv.length > 3 ? process.argv.slice(3) : Object.keys(WORKLOADS);
const port = await freePort();
const decoy = await startDecoy('db', {
  env: { ...asShipped('db').env, DB_PORT: String(port), BIND: '127.0.0.1' },
  nodeFlags: asShipped('db').nodeFlags,
});
for (const name of names) {
  const workload = WORKLOADS[name];
  if (!workload) throw new Error(`${name}: must be among ${Object.keys(WORKLOADS).join(', ')}`);
  for (const connections of CONNECTIONS)
    console.log(`${workload.name}, ${connections} sessions: ${await comparison(port, real, connections, workload)}`);
}
console.log(`after: ${residentMb([decoy.child.pid as number]).toFixed(0)} MB resident`);
await decoy.stop();
