// What the dashboard shows of touches: counts over time by decoy, and the commonest sources, ports, users, statements, paths, tools, scans.
// Kept in buckets of three widths, so that a month costs no more memory than an hour; every map is bounded.
import { clip } from '../../decoys/touch/caps.ts';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { knownDecoy } from '../events/touch-facts.ts';
import { type Counted, type Dashboard, RANGES, type RangeName, TOPS, type Top } from './api.ts';
import { maskedText } from './mask.ts';
import { addTo, createTally, merge, sum, type Tally } from './tally.ts';

const MINUTE_MS = 60_000;
/** Width of a bucket and how many are kept: an hour and more by the minute, two days by the quarter, a month by six hours. */
const TIERS = [
  { widthMs: MINUTE_MS, kept: 184, keys: 48 },
  { widthMs: 15 * MINUTE_MS, kept: 196, keys: 48 },
  { widthMs: 360 * MINUTE_MS, kept: 124, keys: 64 },
] as const;
const TIER_OF: Readonly<Record<RangeName, number>> = { '15m': 0, '1h': 0, '3h': 0, '24h': 1, '7d': 2, '30d': 2 };
/** Keys held while buckets are merged for an answer. */
const MERGED_KEYS = 1_024;
const SHOWN = 12;
const KEY_CHARS = 120;
/** Touches of the future are a decoy's wrong clock: they count as of now. */
const AHEAD_MS = MINUTE_MS;

interface Bucket {
  readonly atMs: number;
  readonly byDecoy: Record<string, number>;
  readonly tops: Record<Top, Tally>;
}

/** Where a touch has what is counted. */
const VALUES: Readonly<Record<Top, (line: TouchLine) => string | undefined>> = {
  sources: ({ source }) => source?.ip ?? '',
  ports: ({ destination, honeypod, network }) =>
    honeypod.scan?.ports === undefined && destination?.port !== undefined
      ? `${destination.port}/${network?.transport ?? 'tcp'}`
      : undefined,
  users: ({ user }) => user?.name,
  statements: ({ honeypod }) => honeypod.mysql?.statement,
  paths: ({ url }) => url?.path ?? url?.original,
  tools: ({ honeypod, user_agent }) => honeypod.scan?.tool ?? honeypod.mysql?.client ?? user_agent?.original,
  scans: ({ honeypod: { scan } }) => scan?.kind && `${scan.kind}${scan.ports ? ` of ports ${scan.ports}` : ''}`,
};

export interface Activity {
  add(line: TouchLine, nowMs: number): void;
  /** `label` gives the name of a source. */
  over(range: RangeName, nowMs: number, label: (ip: string) => string): Omit<Dashboard, 'decoys' | 'loading'>;
}

export function createActivity(): Activity {
  const tiers = TIERS.map((tier) => ({ ...tier, buckets: new Map<number, Bucket>() }));

  function bucketOf(tier: (typeof tiers)[number], atMs: number): Bucket {
    const start = Math.floor(atMs / tier.widthMs) * tier.widthMs;
    let bucket = tier.buckets.get(start);
    if (!bucket) {
      const tops = Object.fromEntries(TOPS.map((top) => [top, createTally()])) as Record<Top, Tally>;
      bucket = { atMs: start, byDecoy: {}, tops };
      tier.buckets.set(start, bucket);
      if (tier.buckets.size > tier.kept) tier.buckets.delete(Math.min(...tier.buckets.keys()));
    }
    return bucket;
  }

  return {
    add(line, nowMs) {
      const stamped = Date.parse(line.event.start ?? line['@timestamp']);
      const atMs = Number.isFinite(stamped) && stamped <= nowMs + AHEAD_MS ? stamped : nowMs;
      const { count = 1 } = line.honeypod;
      const decoy = knownDecoy(line.honeypod.decoy);
      const values = TOPS.map((top) => {
        const value = VALUES[top](line);
        return value === undefined ? undefined : clip(maskedText(clip(value, 2 * KEY_CHARS)), KEY_CHARS);
      });
      for (const tier of tiers) {
        if (atMs < nowMs - tier.widthMs * tier.kept) continue;
        const bucket = bucketOf(tier, atMs);
        bucket.byDecoy[decoy] = (bucket.byDecoy[decoy] ?? 0) + count;
        for (const [at, value] of values.entries())
          if (value !== undefined && (value !== '' || at === 0))
            addTo(bucket.tops[TOPS[at]!], value, decoy, count, tier.keys);
      }
    },
    over(range, nowMs, label) {
      const { widthMs, buckets } = tiers[TIER_OF[range]]!;
      const toMs = (Math.floor(nowMs / widthMs) + 1) * widthMs;
      const steps = Math.ceil(RANGES[range] / widthMs);
      const fromMs = toMs - steps * widthMs;
      const series = Array.from({ length: steps }, (_, at) => {
        const atMs = fromMs + at * widthMs;
        return { atMs, byDecoy: buckets.get(atMs)?.byDecoy ?? {} };
      });
      const byDecoy: Record<string, number> = {};
      for (const step of series)
        for (const [decoy, count] of Object.entries(step.byDecoy)) byDecoy[decoy] = (byDecoy[decoy] ?? 0) + count;
      const tops = {} as Record<Top, Counted[]>;
      const others = {} as Record<Top, number>;
      for (const top of TOPS) {
        const tally = createTally();
        for (const { atMs } of series) {
          const bucket = buckets.get(atMs);
          if (bucket) merge(tally, bucket.tops[top], MERGED_KEYS);
        }
        const counted = [...tally.counts].map(([value, entry]) => ({
          value,
          label: top === 'sources' ? (value === '' ? 'source not seen' : label(value)) : value,
          total: sum(entry),
          byDecoy: entry,
        }));
        counted.sort((a, b) => b.total - a.total || (a.value < b.value ? -1 : 1));
        tops[top] = counted.slice(0, SHOWN);
        others[top] = tally.others + counted.slice(SHOWN).reduce((all, { total }) => all + total, 0);
      }
      return { fromMs, toMs, bucketMs: widthMs, series, total: sum(byDecoy), byDecoy, tops, others };
    },
  };
}
