// What the page's API answers: shapes only, shared by the server and the browser. Times are ms since the epoch.

export const DECOY_NAMES = ['app', 'dashboard', 'db'] as const;

/** One line of the table of security events. */
export interface EventRow {
  readonly id: string;
  readonly severity: number;
  readonly rule: string;
  readonly category: string;
  readonly message: string;
  readonly decoy: string;
  readonly decoyPod: string;
  readonly ip: string;
  readonly kind: string;
  readonly namespace: string;
  /** The pod, node or service; '' where nobody known had the address. */
  readonly name: string;
  readonly owner: string;
  readonly node: string;
  readonly confidence: string;
  readonly count: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly state: 'open' | 'closed';
  readonly dismissed: boolean;
  /** Name of the alert exception that covers it, or ''. */
  readonly exception: string;
}

export interface EventPage {
  /** Events that fit the filter. */
  readonly total: number;
  readonly offset: number;
  readonly rows: readonly EventRow[];
}

/** Values to filter by, with how many events have each. */
export type Facets = Readonly<Record<FacetName, readonly (readonly [value: string, events: number])[]>>;
export const FACETS = ['rule', 'decoy', 'namespace', 'node', 'confidence'] as const;
export type FacetName = (typeof FACETS)[number];

/** A source with undismissed events: who, what they did, what to do now. */
export interface Accused {
  readonly title: string;
  readonly subtitle: string;
  readonly confidence: string;
  readonly confidenceMeans: string;
  readonly severity: number;
  readonly deeds: readonly string[];
  readonly now: string;
  readonly events: number;
  readonly touches: number;
  readonly decoys: readonly string[];
  readonly lastMs: number;
  /** Filter that shows its events. */
  readonly query: string;
  readonly newestEvent: string;
}

export interface Summary {
  readonly accused: readonly Accused[];
  /** Sources with undismissed events, those not listed included. */
  readonly sources: number;
  readonly undismissed: number;
  readonly bySeverity: Readonly<Record<SeverityName, number>>;
  readonly decoys: readonly DecoyHealth[];
  /** Commands that touch a decoy, for an empty page. */
  readonly tries: readonly string[];
}

export const SEVERITIES = [
  { name: 'critical', from: 90 },
  { name: 'high', from: 70 },
  { name: 'medium', from: 40 },
  { name: 'low', from: 1 },
] as const;
export type SeverityName = (typeof SEVERITIES)[number]['name'];

export function severityName(severity: number): SeverityName {
  return SEVERITIES.find(({ from }) => severity >= from)?.name ?? 'low';
}

export interface Asset {
  readonly role: 'accused' | 'impacted';
  readonly title: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
}

export interface ExceptionScope {
  readonly scope: 'namespace' | 'owner' | 'pod' | 'ip';
  readonly value: string;
}

export interface EventDetails {
  readonly row: EventRow;
  readonly story: string;
  readonly confidenceMeans: string;
  readonly attackVector: string;
  readonly tactics: readonly { readonly id: string; readonly name: string }[];
  readonly techniques: readonly { readonly id: string; readonly name: string }[];
  readonly mitigations: readonly string[];
  readonly assets: readonly Asset[];
  readonly evidence: readonly (readonly [label: string, values: readonly string[]])[];
  /** Whether there is something to reveal, and whether it is shown. */
  readonly credentials: { readonly any: boolean; readonly shown: boolean };
  readonly scopes: readonly ExceptionScope[];
  /** The alert line, as every output gets it. */
  readonly raw: unknown;
}

export interface TouchEntry {
  readonly seq: number;
  readonly atMs: number;
  readonly count: number;
  readonly action: string;
  readonly message: string;
  /** What was sent: statement, request, payload, credential, port. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly raw: unknown;
}

export interface TouchPage {
  /** Oldest first. */
  readonly touches: readonly TouchEntry[];
  /** Give it as `after` to read on; absent at the end. */
  readonly next?: number;
}

export interface DecoyHealth {
  readonly pod: string;
  readonly decoy: string;
  readonly namespace: string;
  readonly node: string;
  readonly mode: string;
  readonly lost: number;
  readonly touches: number;
  readonly lastMs: number;
  readonly silent: boolean;
  readonly upSinceMs: number;
  /** When a self-test last came through to a security event; 0 for never. */
  readonly provenMs: number;
  /** When it last led to a security event of anybody; 0 for never. */
  readonly alertedMs: number;
}

/** Text → touches by decoy. */
export interface Counted {
  readonly value: string;
  readonly label: string;
  readonly total: number;
  readonly byDecoy: Readonly<Record<string, number>>;
}

export const TOPS = ['sources', 'ports', 'users', 'statements', 'paths', 'tools', 'scans'] as const;
export type Top = (typeof TOPS)[number];

export const RANGES = {
  '15m': 900_000,
  '1h': 3_600_000,
  '3h': 10_800_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
} as const;
export type RangeName = keyof typeof RANGES;

export interface Dashboard {
  readonly fromMs: number;
  readonly toMs: number;
  readonly bucketMs: number;
  /** Touches by decoy, one entry a bucket, oldest first. */
  readonly series: readonly { readonly atMs: number; readonly byDecoy: Readonly<Record<string, number>> }[];
  readonly total: number;
  readonly byDecoy: Readonly<Record<string, number>>;
  readonly tops: Readonly<Record<Top, readonly Counted[]>>;
  /** Touches whose value found no room in the tables above. */
  readonly others: Readonly<Record<Top, number>>;
  readonly decoys: readonly DecoyHealth[];
  /** True while touches of before the start are still being counted. */
  readonly loading: boolean;
}

export interface Proof {
  readonly decoy: string;
  readonly pod: string;
  readonly ok: boolean;
  /** From the first packet to its security event. */
  readonly ms?: number;
  readonly touchMs?: number;
  readonly event?: string;
  /** The connection that marks it, `127.0.0.1:40000 → 127.0.0.1:3306`. */
  readonly connection?: string;
  readonly problem?: string;
}

export interface ExceptionEntry {
  readonly name: string;
  readonly description: string;
  readonly covers: string;
  /** 0 where it has no end. */
  readonly endMs: number;
  readonly active: boolean;
}
