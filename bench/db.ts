// The db decoy by itself: CPU a login try, how long others wait beside heavy statements, memory. Its rates are measured by db-rates.ts.
// Run: npm run build && node bench/db.ts
import { asShipped } from '../fuzz/as-shipped.ts';
import { freePort } from '../test/harness/ports.ts';
import { startDecoy } from '../test/harness/program.ts';
import { WireClient } from '../test/protocol/db/wire-client.ts';
import type { LoginOptions } from '../test/protocol/db/wire-login.ts';
import { cpuUsOf, residentMb } from './processes.ts';
import { repliesInOneSegment } from './statement-load.ts';

const LOGINS = 3_000;
const WARM_UP_LOGINS = 500;
const STATEMENT = 'select 1';
const CLIENTS = 8;
const BUDGET_LOGIN_US = 350;
/** OpenCanary 0.9.9 and MariaDB 10.11 on such a machine, CPU µs a login try. */
const PEERS = { OpenCanary: 515, MariaDB: 254 } as const;

/** One try; resolves when the server has answered it. */
async function login(port: number, options: LoginOptions): Promise<void> {
  const client = await WireClient.login(port, options);
  await client.read();
  client.socket.destroy();
}

function loginCost(pid: number, port: number, options: LoginOptions): Promise<number> {
  return cpuUsOf([pid], { runs: LOGINS, warmUp: WARM_UP_LOGINS, atOnce: CLIENTS }, () => login(port, options));
}

const port = await freePort();
const { nodeFlags } = asShipped('db');
const decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1' }, nodeFlags });
const pid = decoy.child.pid as number;
const rss = () => Math.round(residentMb([pid]));
console.log(`idle: ${rss()} MB RSS`);
for (const [name, options] of [
  ['root let in', {}],
  ['unknown user without a password refused', { user: 'admin' }],
  ['wrong password, gone at the demand for more', { password: 'guess' }],
] as const) {
  const cost = await loginCost(pid, port, options);
  const beside = Object.entries(PEERS).map(([peer, us]) => `${(cost / us).toFixed(2)} × ${peer}`);
  console.log(`login try, ${name}: ${cost.toFixed(0)} µs CPU (budget ${BUDGET_LOGIN_US}; ${beside.join(', ')})`);
}
/** A statement that costs much, and the longest another client waited for its own answer meanwhile. */
async function waitBeside(port: number, statement: string): Promise<number> {
  const [busy, other] = [await WireClient.session(port), await WireClient.session(port)];
  let answered = false;
  const asked = busy.query(statement).then(() => {
    answered = true;
  });
  let longest = 0;
  while (!answered) {
    const begun = performance.now();
    await other.query('select 1');
    longest = Math.max(longest, performance.now() - begun);
  }
  await asked;
  busy.socket.destroy();
  other.socket.destroy();
  return longest;
}

const numbers = (count: number, between: string) => Array.from({ length: count }, (_, at) => at).join(between);
for (const [name, statement] of [
  ['first scan of COLUMNS', 'select * from information_schema.columns'],
  ['COLUMNS sorted', 'select * from information_schema.columns order by column_name desc'],
  ['20,000 terms of +', `select ${numbers(20_000, '+')}`],
  ['20,000 terms of OR', `select ${numbers(20_000, ' or ')}`],
  ['IN of 24,000', `select 1 in (${numbers(24_000, ',')})`],
  ['1,000 columns', `select ${numbers(1_000, ',')}`],
] as const)
  console.log(`beside ${name}: another client waited ${(await waitBeside(port, statement)).toFixed(0)} ms (budget 50)`);
/** The longest packet a client can send before its login, sent by several at once. */
async function flood(port: number): Promise<void> {
  const { socket } = await WireClient.open(port);
  socket.on('error', () => {});
  const gone = new Promise((resolve) => socket.once('close', resolve));
  const packet = Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 1]), Buffer.alloc(0xffffff, 65)]);
  socket.write(packet, () => socket.end());
  await gone;
}

await Promise.all(Array.from({ length: 12 }, () => flood(port)));
console.log(`after 12 packets of 16 MB before a login: ${rss()} MB RSS (budget 110 with an image's flags)`);
console.log(`replies in one segment each: ${await repliesInOneSegment(port, STATEMENT, 1_000)}`);
console.log(`after: ${rss()} MB RSS, ${decoy.lines.length} lines`);
await decoy.stop();
