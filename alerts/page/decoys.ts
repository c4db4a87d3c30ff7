// The decoys as their heartbeats and touches show them: last heard, mode, what was lost, when last proven. Bounded.
import { clip } from '../../decoys/touch/caps.ts';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { SILENT_MS } from '../health/health.ts';
import type { DecoyHealth } from './api.ts';

/** Decoy pods remembered; the one longest unheard is forgotten first. */
const PODS = 5_000;
/** A decoy that has been silent this long was taken away. */
const GONE_MS = 86_400_000;
const NAME_CHARS = 253;

export interface SeenDecoy {
  readonly pod: string;
  readonly decoy: string;
  readonly namespace: string;
  readonly node: string;
  readonly ips: readonly string[];
  readonly ports: readonly number[];
  readonly mode: string;
  /** Lost since its program started. */
  lost: number;
  touches: number;
  lastMs: number;
  upSinceMs: number;
  alertedMs: number;
}

export interface Decoys {
  heartbeat(line: TouchLine, nowMs: number): void;
  /** It was heard, and led to a security event where `alerted`. */
  touched(pod: string, nowMs: number, alerted: boolean): void;
  seen(): SeenDecoy[];
  /** One command a kind of decoy that touches it. */
  tries(): string[];
  health(nowMs: number, proven: ReadonlyMap<string, number>): DecoyHealth[];
}

const TRIES: Readonly<Record<string, (decoy: SeenDecoy) => string[]>> = {
  app: ({ ips: [ip] }) => (ip ? [`ping -c1 ${ip}`] : []),
  dashboard: ({ ips: [ip], ports: [port] }) =>
    ip && port ? [`curl http://${ip.includes(':') ? `[${ip}]` : ip}:${port}/debug/`] : [],
  db: ({ ips: [ip], ports: [port] }) =>
    ip && port ? [`mariadb --skip-ssl -h ${ip} -P ${port} -u root -e 'SHOW DATABASES'`] : [],
};

export function createDecoys(): Decoys {
  const pods = new Map<string, SeenDecoy>();
  return {
    heartbeat(line, nowMs) {
      const { orchestrator, honeypod, host, process } = line;
      const pod = clip(orchestrator.resource.name, NAME_CHARS);
      const known = pods.get(pod);
      pods.delete(pod);
      if (pods.size >= PODS) pods.delete(pods.keys().next().value ?? '');
      const upSinceMs = nowMs - (process?.uptime ?? 0) * 1_000;
      const restarted = known !== undefined && upSinceMs - known.upSinceMs > SILENT_MS / 2;
      pods.set(pod, {
        pod,
        decoy: honeypod.decoy,
        namespace: clip(orchestrator.namespace ?? '', NAME_CHARS),
        node: clip(host?.name ?? '', NAME_CHARS),
        ips: (orchestrator.resource.ip ?? []).slice(0, 8),
        ports: (honeypod.ports ?? []).slice(0, 8),
        mode: clip(honeypod.mode ?? '', 40),
        lost: (restarted ? 0 : (known?.lost ?? 0)) + (honeypod.lost ?? 0),
        touches: honeypod.touches ?? known?.touches ?? 0,
        lastMs: nowMs,
        upSinceMs,
        alertedMs: known?.alertedMs ?? 0,
      });
    },
    touched(pod, nowMs, alerted) {
      const known = pods.get(pod);
      if (!known) return;
      known.lastMs = nowMs;
      if (alerted) known.alertedMs = nowMs;
    },
    seen: () => [...pods.values()],
    tries() {
      const kinds = new Map([...pods.values()].map((seen) => [seen.decoy, seen]));
      return [...kinds.values()].flatMap((seen) =>
        Object.hasOwn(TRIES, seen.decoy) ? (TRIES[seen.decoy]?.(seen) ?? []) : [],
      );
    },
    health(nowMs, proven) {
      const shown = [...pods.values()].filter(({ lastMs }) => nowMs - lastMs < GONE_MS);
      return shown
        .map(({ ips: _ips, ports: _ports, ...decoy }) => ({
          ...decoy,
          silent: nowMs - decoy.lastMs > SILENT_MS,
          provenMs: proven.get(decoy.pod) ?? 0,
        }))
        .sort((a, b) => (a.pod < b.pod ? -1 : 1));
    },
  };
}
