// Flow rows: one per source, destination, protocol and destination port within a flush window, as a flow log would hold.
// A row stays open while its flow goes on, so that a long ping is one row and no scan.
import type { FlowRecord } from '../flow.ts';
import { type Ranges, size, subtract, union } from '../query/ranges.ts';

/** A row ends once its flow has been quiet for this long … */
const FLUSH_QUIET_MS = 5_000;
/** … or has been open for this long (Calico's own flush interval). */
const FLUSH_LONGEST_MS = 300_000;
/** Flows remembered; the one longest unheard is forgotten first: its next touch opens a new row. */
const FLOWS = 16_384;
/** Ranges of ports remembered per flow; past that everything between the lowest and highest counts as seen. */
const RANGES = 512;

interface OpenRows {
  seen: Ranges;
  openedMs: number;
  lastMs: number;
}

export interface NewRows {
  /** Ports whose row this record opened; undefined where the protocol has no ports. */
  readonly ports?: Ranges;
  /** Rows opened; more than the size of `ports` where the line could not name all of them. */
  readonly rows: number;
}

export interface RowCounter {
  /** The rows a record opens. Call once per record, in order of arrival. */
  open(record: FlowRecord): NewRows;
}

export function createRowCounter(): RowCounter {
  const flows = new Map<string, OpenRows>();
  return {
    open(record) {
      const { row, startMs, endMs } = record;
      let flow = flows.get(row);
      flows.delete(row);
      const ended = !flow || startMs - flow.lastMs > FLUSH_QUIET_MS || endMs - flow.openedMs > FLUSH_LONGEST_MS;
      if (!flow || ended) flow = { seen: [], openedMs: startMs, lastMs: endMs };
      if (flows.size >= FLOWS) flows.delete(flows.keys().next().value ?? '');
      flows.set(row, flow);
      flow.lastMs = Math.max(flow.lastMs, endMs);
      if (!record.ports) return { rows: ended ? 1 : 0 };
      const ports = subtract(record.ports, flow.seen);
      flow.seen = union(flow.seen, ports);
      if (flow.seen.length > RANGES) flow.seen = [[flow.seen[0]![0], flow.seen.at(-1)![1]]];
      const unnamed = Math.max(0, record.distinctPorts - size(record.ports));
      return { ports, rows: size(ports) + unnamed };
    },
  };
}
