// Operations plans are made of, and what they are thought to cost.
// Source: plans of 9.7.4.
import type { JsonData } from '../../sql/value/json.ts';

export interface Plan {
  readonly operation: string;
  /** Undefined where the server gives none. `first` is that of the first row, where it is told. */
  readonly cost: { readonly first: number | undefined; readonly total: number } | undefined;
  readonly rows: number;
  /** Fields of the JSON form beyond operation, costs and inputs. */
  readonly facts: { readonly [key: string]: JsonData };
  readonly inputs: readonly Plan[];
}

/** What one row costs to read, to sort or to aggregate, and a scan to start; what a temporary table costs to read. */
export const COST = { start: 0.25, row: 0.1, aggregate: 0.2305, temporary: 2.5, temporaryRow: 0.0125 } as const;
export const NO_FACTS = {};

export const FETCHED: Plan = {
  operation: 'Rows fetched before execution',
  cost: { first: 0, total: 0 },
  rows: 1,
  facts: { access_type: 'rows_fetched_before_execution' },
  inputs: [],
};

/** What UPDATE and DELETE tell of theirs. */
export const NOT_PLANNED: Plan = {
  operation: '<not executable by iterator executor>',
  cost: undefined,
  rows: 0,
  facts: NO_FACTS,
  inputs: [],
};

/** The plan of a query that cannot have rows, and why. */
export function zeroRows(cause: string): Plan {
  return {
    operation: `Zero rows (${cause})`,
    cost: { first: 0, total: 0 },
    rows: 0,
    facts: { access_type: 'zero_rows', zero_rows_cause: cause },
    inputs: [],
  };
}

export const scanCost = (rows: number): number => COST.start + COST.row * rows;
