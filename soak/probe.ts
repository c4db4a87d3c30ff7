// Every ten seconds somebody not seen before touches each decoy once: how long until that is an alert.
import { execFileSync, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { linkOf } from '../test/protocol/app-network.ts';
import type { DecoyName, RunningAlerts, RunningDecoy } from './product.ts';

const EVERY_MS = 10_000;
/** Waited for at most. */
const LOST_MS = 15_000;
const FIRST_HOST = 20;
const LAST_HOST = 250;

export interface Probed {
  readonly decoy: DecoyName;
  /** ms from the touch to the alert; Infinity where none came. */
  readonly ms: number;
  /** ms until the client that touched had its answer or gave up. */
  readonly servedMs: number;
}

const TOUCHES: Readonly<Record<DecoyName, (ip: string, from: string) => readonly string[]>> = {
  app: (ip, from) => ['ping', '-c5', '-i0.2', '-W1', '-I', from, ip],
  dashboard: (ip, from) => ['curl', '-s', '-m5', '-o', '/dev/null', '--interface', from, `http://${ip}:8080/`],
  db: (ip, from) => ['curl', '-s', '-m5', '-o', '/dev/null', '--interface', from, `http://${ip}:3306/`],
};

async function touched(decoy: RunningDecoy, host: number, alerts: RunningAlerts): Promise<Probed> {
  const { network, name } = decoy;
  const { netns, ip } = network.attacker;
  const from = ip.replace(/\.\d+$/, `.${host}`);
  execFileSync('ip', ['-n', netns, 'addr', 'replace', `${from}/24`, 'dev', linkOf(netns).name]);
  const startedMs = Date.now();
  const words = ['netns', 'exec', netns, ...TOUCHES[name as DecoyName](network.decoy.ip, from)];
  const client = spawn('ip', words, { stdio: 'ignore' });
  const served = new Promise<number>((resolve) => client.once('close', () => resolve(Date.now() - startedMs)));
  while (!alerts.firstAlertMs.has(from) && Date.now() - startedMs < LOST_MS) await delay(5);
  const alertedMs = alerts.firstAlertMs.get(from);
  const ms = alertedMs === undefined ? Number.POSITIVE_INFINITY : alertedMs - startedMs;
  return { decoy: name as DecoyName, ms, servedMs: await served };
}

export interface Probe {
  readonly found: readonly Probed[];
  stop(): Promise<void>;
}

export function startProbe(decoys: readonly RunningDecoy[], alerts: RunningAlerts): Probe {
  const found: Probed[] = [];
  const stopping = new AbortController();
  async function probe(): Promise<void> {
    for (let host = FIRST_HOST; host <= LAST_HOST && !stopping.signal.aborted; host++) {
      found.push(...(await Promise.all(decoys.map((decoy) => touched(decoy, host, alerts)))));
      await delay(EVERY_MS, undefined, { signal: stopping.signal }).catch(() => {}); // Stopped while waiting.
    }
  }
  const done = probe();
  return {
    found,
    async stop() {
      stopping.abort();
      await done;
    },
  };
}
