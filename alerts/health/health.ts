// Deafness is an alert: a decoy that fell silent, lines that never came, a restart, a mode that sees less than was asked for.
// What it finds becomes a line of its own (`event.dataset: honeypod.health`) that rules of `dataSet: health` see.
import { iso } from '../../decoys/touch/line.ts';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { uuidv7 } from '../../decoys/touch/uuid.ts';

/** Two heartbeats of 30 s missed, and some seconds for the way here. */
export const SILENT_MS = 75_000;
/** A log that cannot be read for this long is told of; shorter breaks are the follower's business. */
const TROUBLE_MS = 10_000;
/** Decoys remembered; the one longest unheard is forgotten first (it has been reported silent by then). */
const DECOYS = 10_000;
/** A silent decoy is reported again after this long. */
const AGAIN_MS = 3_600_000;

export const HEALTH_ACTIONS = [
  'decoy-silent',
  'decoy-unreadable',
  'decoy-restarted',
  'decoy-degraded',
  'lines-missing',
  'touches-lost',
] as const;
export type HealthAction = (typeof HEALTH_ACTIONS)[number];

export interface Health {
  /** Takes each line of a decoy, in order; repeated ones left out. */
  line(line: TouchLine, nowMs: number): void;
  /** The decoy should be heard: it silence is told from its absence. `watch` is its WATCH setting where known. */
  expect(decoy: ExpectedDecoy, nowMs: number): void;
  /** The decoy was taken away on purpose. */
  dismiss(name: string): void;
  /** Its log cannot be read; '' once it can. */
  trouble(name: string, message: string, nowMs: number): void;
  tick(nowMs: number): void;
  /** The clock was set by so much: that is nobody's silence. */
  shift(ms: number): void;
}

export interface ExpectedDecoy {
  readonly name: string;
  readonly namespace: string;
  readonly labels: readonly string[];
  readonly watch: string;
}

interface Heard {
  readonly name: string;
  namespace: string;
  labels: readonly string[];
  decoy: string;
  watch: string;
  run: string;
  sequence: number;
  lastMs: number;
  silentMs: number;
  degraded: boolean;
  trouble: string;
  /** Since when; 0 once it has been told of. */
  troubleMs: number;
  last: TouchLine | undefined;
}

export interface HealthOptions {
  /** Gets the health lines, ready for the rules. */
  readonly onLine: (line: TouchLine) => void;
  readonly silentMs?: number;
  /** How far a decoy's lines had come when a run before ended, as `remember` was given it. */
  readonly recall?: (name: string) => string | undefined;
  readonly remember?: (name: string, text: string) => void;
}

export function createHealth({ onLine, silentMs = SILENT_MS, recall, remember }: HealthOptions): Health {
  const heard = new Map<string, Heard>();

  function decoyOf(name: string, nowMs: number): Heard {
    let decoy = heard.get(name);
    if (decoy) {
      heard.delete(name);
    } else {
      if (heard.size >= DECOYS) heard.delete(heard.keys().next().value ?? '');
      decoy = {
        name,
        namespace: '',
        labels: [],
        decoy: 'unknown',
        watch: '',
        run: '',
        sequence: 0,
        lastMs: nowMs,
        silentMs: 0,
        degraded: false,
        trouble: '',
        troubleMs: 0,
        last: undefined,
      };
      const [run = '', sequence = ''] = recall?.(name)?.split(' ') ?? [];
      if (run !== '' && /^\d{1,15}$/.test(sequence)) Object.assign(decoy, { run, sequence: Number(sequence) });
    }
    heard.set(name, decoy);
    return decoy;
  }

  function report(decoy: Heard, action: HealthAction, message: string, nowMs: number, count = 1): void {
    onLine(healthLine(decoy, action, message, nowMs, count));
  }

  function follow(decoy: Heard, line: TouchLine, nowMs: number): void {
    const run = line.agent?.ephemeral_id ?? '';
    const { sequence } = line.event;
    if (decoy.run !== '' && run !== decoy.run) {
      report(decoy, 'decoy-restarted', `${decoy.name} was restarted; what reached it meanwhile was not seen`, nowMs);
      decoy.sequence = 0;
    } else if (decoy.run === '') {
      decoy.sequence = sequence - 1; // The first line heard: what was before it is not known to be missing.
    }
    decoy.run = run;
    const missing = sequence - decoy.sequence - 1;
    if (missing > 0)
      report(
        decoy,
        'lines-missing',
        `${missing} lines of ${decoy.name} never arrived (log rotated away, or a reader in between dropped them)`,
        nowMs,
        missing,
      );
    decoy.sequence = Math.max(decoy.sequence, sequence);
  }

  function judgeHeartbeat(decoy: Heard, line: TouchLine, nowMs: number): void {
    const { mode, lost } = line.honeypod;
    if (typeof lost === 'number' && lost > 0)
      report(
        decoy,
        'touches-lost',
        `${decoy.name} lost ${lost} touches (kernel drops or a stalled log reader)`,
        nowMs,
        lost,
      );
    const degraded = mode === 'counters' && decoy.watch === 'raw';
    if (degraded && !decoy.degraded)
      report(
        decoy,
        'decoy-degraded',
        `${decoy.name} runs in counters mode though raw was asked for: it counts packets without their source`,
        nowMs,
      );
    decoy.degraded = degraded;
  }

  return {
    line(line, nowMs) {
      const { resource, namespace } = line.orchestrator;
      const decoy = decoyOf(resource.name, nowMs);
      decoy.namespace = namespace ?? decoy.namespace;
      decoy.labels = resource.label;
      decoy.decoy = line.honeypod.decoy;
      decoy.lastMs = nowMs;
      decoy.silentMs = 0;
      decoy.last = line;
      follow(decoy, line, nowMs);
      remember?.(resource.name, `${decoy.run} ${decoy.sequence}`);
      if (line.event.kind === 'metric') judgeHeartbeat(decoy, line, nowMs);
    },

    expect({ name, namespace, labels, watch }, nowMs) {
      const decoy = decoyOf(name, nowMs);
      decoy.namespace = namespace;
      decoy.labels = labels;
      decoy.watch = watch;
      if (decoy.decoy === 'unknown')
        decoy.decoy =
          /-(app|dashboard|db)$/.exec(labels.find((label) => label.startsWith('app=')) ?? '')?.[1] ?? 'unknown';
    },

    dismiss(name) {
      heard.delete(name);
    },

    trouble(name, message, nowMs) {
      const decoy = decoyOf(name, nowMs);
      if (message === '') decoy.troubleMs = 0;
      else if (decoy.trouble === '') decoy.troubleMs = nowMs;
      decoy.trouble = message;
    },

    shift(ms) {
      for (const decoy of heard.values()) {
        decoy.lastMs += ms;
        if (decoy.silentMs > 0) decoy.silentMs += ms;
        if (decoy.troubleMs > 0) decoy.troubleMs += ms;
      }
    },

    tick(nowMs) {
      for (const decoy of heard.values()) {
        if (decoy.troubleMs > 0 && nowMs - decoy.troubleMs >= TROUBLE_MS) {
          decoy.troubleMs = 0;
          report(decoy, 'decoy-unreadable', `the log of ${decoy.name} cannot be read: ${decoy.trouble}`, nowMs);
        }
        const quietMs = nowMs - decoy.lastMs;
        if (quietMs < silentMs || (decoy.silentMs > 0 && nowMs - decoy.silentMs < AGAIN_MS)) continue;
        decoy.silentMs = nowMs;
        const why = decoy.trouble ? ` (${decoy.trouble})` : '';
        report(
          decoy,
          'decoy-silent',
          `${decoy.name} has not been heard for ${Math.round(quietMs / 1_000)} s${why}; it beats every 30 s`,
          nowMs,
        );
      }
    },
  };
}

function healthLine(decoy: Heard, action: HealthAction, message: string, nowMs: number, count: number): TouchLine {
  const { last } = decoy;
  const line = {
    'log.level': 'warn',
    '@timestamp': iso(nowMs),
    observer: { type: 'honeypod', vendor: 'honeypods', product: decoy.decoy, version: last?.observer?.version ?? '' },
    orchestrator: last?.orchestrator ?? {
      type: 'kubernetes',
      namespace: decoy.namespace,
      resource: { type: 'pod', name: decoy.name, ip: [], label: [...decoy.labels] },
    },
    ...(last?.host ? { host: last.host } : {}),
    agent: { ephemeral_id: decoy.run },
    'ecs.version': '8.10.0',
    event: {
      kind: 'event',
      category: ['host'],
      type: ['info'],
      action,
      outcome: 'failure',
      module: 'honeypod',
      dataset: 'honeypod.health',
      id: uuidv7(nowMs),
      sequence: 1,
    },
    honeypod: { decoy: decoy.decoy, count },
    message,
  };
  // The one dataset the published touch line does not have: health lines never leave this process as touches.
  return line as unknown as TouchLine;
}
