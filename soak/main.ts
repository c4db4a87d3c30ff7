// `npm run soak [-- --minutes 8]`: everything that attacks at once on the whole product. Nothing may crash, grow, come late or go missing.
// Exit 0: held. 1: did not, and the last line says what. 2: wrong arguments, or it cannot be done here.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { LIMITS } from '../alerts/state/limits.ts';
import { LINE_BYTES } from '../decoys/touch/caps.ts';
import { exitWith, UserError } from '../decoys/touch/errors.ts';
import { noNetns } from '../test/harness/netns.ts';
import { missing } from '../test/harness/tools.ts';
import { setCable } from '../test/protocol/app-network.ts';
import { accountOf, accountOfAlerts } from './accounts.ts';
import { absent, startAttacks } from './attacks.ts';
import { watchMemory } from './memory.ts';
import { startProbe } from './probe.ts';
import { bytesIn, DECOYS, type Running, type RunningDecoy, startAlerts, startDecoy } from './product.ts';

const MINUTE_MS = 60_000;
const REPORT_MS = 20_000;
/** After the last attack, for what is folded. */
const SETTLE_MS = 4_000;
const ALERT_MS = 1_000;
/** A decoy's lines under any flood, a second. */
const LINES_PER_SECOND = 50;

const say = (text: string) => process.stderr.write(`soak: ${text}\n`);
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function minutesFrom(words: readonly string[]): number {
  let text: string;
  try {
    text = parseArgs({ args: [...words], options: { minutes: { type: 'string', default: '8' } } }).values.minutes;
  } catch (error) {
    throw new UserError('BAD_FLAG', `${(error as Error).message.split('. ')[0]}; allowed is --minutes N`);
  }
  const minutes = /^\d{1,3}(\.\d)?$/.test(text) ? Number(text) : 0;
  if (!(minutes >= 1 && minutes <= 240)) throw new UserError('BAD_FLAG', `--minutes ${text}: must be from 1 to 240`);
  return minutes;
}

async function soak(minutes: number, directory: string, decoys: RunningDecoy[]): Promise<string[]> {
  for (const name of DECOYS) decoys.push(await startDecoy(name, directory));
  const alerts = await startAlerts(
    decoys.map(({ log }) => log),
    directory,
  );
  const programs: readonly Running[] = [...decoys, alerts];
  const faults: string[] = [];
  try {
    const memory = watchMemory(programs);
    const attacks = startAttacks(decoys, directory);
    const probe = startProbe(decoys, alerts);
    const until = Date.now() + minutes * MINUTE_MS;
    const gone = () => programs.filter((program) => program.ended() !== undefined);
    while (Date.now() < until && gone().length === 0) {
      await delay(Math.min(REPORT_MS, until - Date.now()));
      const late = Math.max(0, ...probe.found.map(({ ms }) => ms));
      say(
        `${Math.max(0, Math.round((until - Date.now()) / 1_000))} s to go; ${probe.found.length} newcomers, slowest alert ${late} ms`,
      );
    }
    for (const { name, ended, stderr } of gone())
      faults.push(`${name} ended with ${ended()}: ${stderr.slice(-3).join(' | ')}`);
    const memories = memory();
    await probe.stop();
    await attacks.stop();
    await delay(SETTLE_MS);
    for (const { network } of decoys) setCable(network, 'down');
    const accounts = [];
    for (const decoy of decoys) {
      const how = await decoy.stop();
      if (how !== '0' && faults.length === 0) faults.push(`SIGTERM ended ${decoy.name} with ${how}`);
      accounts.push(accountOf(decoy, decoy.received()));
    }
    const all = [...accounts, await accountOfAlerts(alerts, accounts)];
    const stateBytes = bytesIn(alerts.state);
    const ended = await alerts.stop();
    if (ended !== '0') faults.push(`SIGTERM ended alerts with ${ended}`);

    process.stdout.write(`\nattacks: ${[...attacks.runs].map(([what, runs]) => `${what} ${runs}`).join(', ')}\n`);
    process.stdout.write('\nprogram     touches      lines   lost  low third / last quarter, most (MB resident)\n');
    for (const { name, touches, lines, lost, problem } of all) {
      const { third = 0, last = 0, most = 0 } = memories.find((one) => one.name === name) ?? {};
      process.stdout.write(
        `${name.padEnd(10)} ${String(touches).padStart(8)} ${String(lines).padStart(10)} ${String(lost).padStart(6)}  ${third.toFixed(0)} / ${last.toFixed(0)}, ${most.toFixed(0)}\n`,
      );
      if (problem) faults.push(`${name}: ${problem}`);
    }
    for (const { name, third, last, most, isFlat, isSmall } of memories) {
      if (!isFlat)
        faults.push(`${name} grew in the second half: low-water mark ${third.toFixed(0)} → ${last.toFixed(0)} MB`);
      if (!isSmall) faults.push(`${name} had ${most.toFixed(0)} MB resident`);
    }
    const seconds = minutes * 60 + SETTLE_MS / 1_000;
    for (const { name, log } of decoys) {
      const bytes = bytesIn(directory, `${name}.log`);
      process.stdout.write(
        `disk: ${log.split('/').at(-1)} ${mb(bytes)}, at most ${mb(seconds * LINES_PER_SECOND * LINE_BYTES)}\n`,
      );
      if (bytes > seconds * LINES_PER_SECOND * LINE_BYTES) faults.push(`${name} wrote ${mb(bytes)} of lines`);
    }
    process.stdout.write(`disk: state ${mb(stateBytes)}, at most ${mb(LIMITS.disk.bytes)}\n`);
    if (stateBytes > LIMITS.disk.bytes) faults.push(`state takes ${mb(stateBytes)}`);
    const sorted = probe.found.map(({ ms }) => ms).sort((a, b) => a - b);
    process.stdout.write(
      `newcomers: ${sorted.length}, alert after ${sorted[sorted.length >> 1]} ms in the median, ${sorted.at(-1)} ms at most\n`,
    );
    for (const { decoy, ms, servedMs } of probe.found)
      if (ms > ALERT_MS)
        faults.push(`a newcomer at ${decoy} alerted after ${ms} ms (its client was done after ${servedMs})`);
    return faults;
  } finally {
    await alerts.stop();
  }
}

async function main(): Promise<void> {
  const minutes = minutesFrom(process.argv.slice(2));
  const lacking = noNetns() || missing('ping', 'curl');
  if (lacking) throw new UserError('CANNOT_SOAK', lacking);
  const left = absent();
  if (left.length > 0) say(`left out, not installed: ${left.join(', ')}`);
  const directory = mkdtempSync(join(tmpdir(), 'soak-'));
  const decoys: RunningDecoy[] = [];
  let faults: string[];
  try {
    faults = await soak(minutes, directory, decoys);
  } finally {
    for (const decoy of decoys) {
      await decoy.stop();
      decoy.network.remove();
    }
    rmSync(directory, { recursive: true, force: true });
  }
  process.stdout.write(
    faults.length === 0 ? `\nHELD for ${minutes} minutes\n` : `\nDID NOT HOLD: ${faults.slice(0, 20).join('; ')}\n`,
  );
  process.exit(faults.length === 0 ? 0 : 1);
}

main().catch((error: unknown) => exitWith('soak', error));
