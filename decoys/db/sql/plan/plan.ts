// How the tables of a SELECT are read: in which order, by which keys, and so in which order its rows come.
// Source: https://dev.mysql.com/doc/refman/9.7/en/execution-plan-information.html; plans of 9.7.4.
import type { Expression } from '../ast/expression.ts';
import type { SelectCore } from '../ast/query.ts';
import type { Compiler } from '../compile/compiler.ts';
import { SqlError } from '../errors.ts';
import type { Leaf } from '../query/access.ts';
import { Scope, type ScopeColumn } from '../scope.ts';
import { queriesIn } from '../walk.ts';
import type { Candidate } from './access-path.ts';
import { type Conditions, type Conjunct, conditionsOf, type Mask, type PlanColumn } from './conditions.ts';
import { joinOrder, type Step } from './join-order.ts';
import { type KeyUse, keyUsesOf } from './key-uses.ts';
import { bestRange, countRows, isFixed, type Range, rangesOf } from './ranges.ts';
import { isPrimary, neverNull, shortestCovering, type TableFacts, tableFacts } from './table-facts.ts';

/** Tables a plan is made for; joins of more are read from left to right. */
const PLANNED_TABLES = 7;
/** Rows of all its tables together. */
const PLANNED_ROWS = 6_000;

export interface Plan {
  /** Tables of which one row at most is read, before all others. */
  readonly constants: readonly Step[];
  readonly steps: readonly Step[];
  readonly conditions: Conditions;
  /** Columns that are equal to each other in every row. */
  readonly equals: readonly (readonly PlanColumn[])[];
  /** A table of one row has none: the query has no rows. */
  readonly empty: boolean;
}

function usedOf(leaf: Leaf, place: number, scope: Scope, { named }: Conditions): ScopeColumn[] {
  const own = [...scope.used].filter(({ table, schema }) => table === leaf.alias && schema === leaf.table.schema);
  return [...own, ...named.flatMap(({ table, column }) => (table === place ? [column] : []))];
}

/** `alias.name = value`, as it stands for a lookup that follows from other conditions. */
function equality({ leaf }: TableFacts, name: string, value: Expression): Expression {
  const left: Expression = { kind: 'column', path: [leaf.alias, name], start: 0, end: 0 };
  return { kind: 'binary', operator: '=', left, right: value, start: 0, end: 0 };
}

/** Conditions on one table alone, with what follows for it from equalities. */
function ownConditions(facts: TableFacts, conditions: Conditions, uses: readonly KeyUse[]): Conjunct[] {
  const bit = 1 << facts.place;
  const own = conditions.conjuncts.filter(
    ({ tables, nest }) => tables === bit && (nest === 0 ? (conditions.optional & bit) === 0 : (nest & bit) !== 0),
  );
  const told = new Set(own.map(({ e }) => (e.kind === 'binary' ? (e.left.kind === 'column' ? e.right : e.left) : e)));
  for (const { table, depends, source, name } of uses) {
    if (table !== facts.place || depends !== 0 || 'table' in source || told.has(source) || !isFixed(source)) continue;
    if (source.kind !== 'null') own.push({ e: equality(facts, name, source), tables: bit, nest: 0 });
  }
  return own;
}

/** True for a query, or what holds one, that names nothing of the queries around it: it has one value for all rows. */
function standsAlone(c: Compiler, e: Expression): boolean {
  if (queriesIn(e).length === 0) return false;
  try {
    c.x.session.unwarned(() => c.compile(e, new Scope([], undefined)));
    return true;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    // It names a column of this query.
    return false;
  }
}

/** The lookup that finds one row of a table by constants and by columns of the tables `known`; undefined where there is none. */
function constantLookup(c: Compiler, { facts, uses }: Candidate, known: Mask): readonly KeyUse[] | undefined {
  for (const index of facts.indexes) {
    if (!isPrimary(index) && index.kind !== 'unique') continue;
    const fits = ({ depends, nulls, source }: KeyUse): boolean =>
      (depends & ~known) === 0 &&
      (!nulls || neverNull(facts.leaf, index)) &&
      ('table' in source || isFixed(source) || standsAlone(c, source));
    const found = index.columns.flatMap(
      ({ name, length }) =>
        (length === undefined && uses.find((use) => use.name === name.toLowerCase() && fits(use))) || [],
    );
    if (found.length === index.columns.length) return found;
  }
  return undefined;
}

/** Tables of one row at most, each found by constants or by columns of those found before it. */
function constantTables(
  c: Compiler,
  candidates: readonly Candidate[],
  conditions: Conditions,
): { readonly steps: Step[]; readonly known: Mask; readonly empty: boolean } {
  const steps: Step[] = [];
  let known: Mask = 0;
  let empty = false;
  for (let grows = true; grows; ) {
    grows = false;
    for (const candidate of candidates) {
      const { facts } = candidate;
      const bit = 1 << facts.place;
      const waits = ((conditions.after[facts.place] ?? 0) & ~known) !== 0;
      const uses = (known & bit) !== 0 || waits ? undefined : constantLookup(c, candidate, known);
      if (!uses) continue;
      const fixed = uses.flatMap(({ name, source }) => ('table' in source ? [] : [equality(facts, name, source)]));
      const around = c.x.planning;
      c.x.planning = true;
      const found = fixed.length === 0 || countRows(c, facts, fixed) > 0;
      c.x.planning = around;
      if (!found && (conditions.optional & bit) === 0) empty = true;
      const index = facts.indexes.find(({ columns }) =>
        columns.every((part, at) => uses[at]?.name === part.name.toLowerCase()),
      );
      const access = {
        type: 'const',
        index,
        uses,
        range: undefined,
        depends: 0,
        fanout: 1,
        filter: 1,
        read: 0,
        hashed: false,
      } as const;
      steps.push({ candidate, access, cost: 0, rows: 1 });
      known |= bit;
      grows = true;
    }
  }
  return { steps, known, empty };
}

/** The one table all these columns are of, each taken for the first of the columns it is equal to. */
function tableOf(
  expressions: readonly Expression[],
  { columnOf }: Conditions,
  equals: readonly (readonly PlanColumn[])[],
): number | undefined {
  const places = new Set(
    expressions.map((e) => {
      const own = columnOf(e);
      const same = ({ table, column }: PlanColumn) => table === own?.table && column.name === own.column.name;
      return (equals.find((columns) => columns.some(same))?.[0] ?? own)?.table;
    }),
  );
  const [only] = places;
  return places.size === 1 ? only : undefined;
}

/** A table whose ranges are counted when they are first asked for: one of a single row is found without. */
class RangedTable implements Candidate {
  readonly facts: TableFacts;
  readonly uses: readonly KeyUse[];
  readonly #count: () => Range[];
  #ranges: readonly Range[] | undefined;
  #best: { readonly range: Range | undefined } | undefined;

  constructor(c: Compiler, facts: TableFacts, uses: readonly KeyUse[], conditions: Conditions) {
    this.facts = facts;
    this.uses = uses;
    this.#count = () => rangesOf(c, facts, ownConditions(facts, conditions, uses), conditions);
  }

  get ranges(): readonly Range[] {
    this.#ranges ??= this.#count();
    return this.#ranges;
  }

  get best(): Range | undefined {
    this.#best ??= { range: bestRange(this.facts, this.ranges) };
    return this.#best.range;
  }
}

/** The name of a column of the table at `place` that the expression is, or is equal to in every row. */
export function nameIn({ conditions, equals }: Plan, place: number, e: Expression): string | undefined {
  const own = conditions.columnOf(e);
  if (!own || own.table === place) return own?.column.name.toLowerCase();
  const same = ({ table, column }: PlanColumn) => table === own.table && column.name === own.column.name;
  const other = equals.find((columns) => columns.some(same))?.find(({ table }) => table === place);
  return other?.column.name.toLowerCase();
}

/**
 * The plan of a SELECT whose FROM is of the source's own tables alone; undefined where there are others, too many or too large.
 * `sorts` are the expressions of GROUP BY, or of ORDER BY.
 */
export function planOf(
  c: Compiler,
  core: SelectCore,
  leaves: readonly Leaf[],
  scope: Scope,
  sorts: readonly Expression[],
): Plan | undefined {
  if (leaves.length === 0 || leaves.length > PLANNED_TABLES || leaves.some(({ table }) => !table.indexes))
    return undefined;
  if (leaves.reduce((sum, { table }) => sum + (table.size?.().rows ?? 0), 0) > PLANNED_ROWS) return undefined;
  const conditions = conditionsOf(core, leaves, scope);
  const { uses, equals } = keyUsesOf(conditions);
  const candidates = leaves.map((leaf, place): Candidate => {
    const facts = tableFacts(leaf, place, usedOf(leaf, place, scope, conditions), c.x);
    const own = uses.filter(({ table }) => table === place);
    return new RangedTable(c, facts, own, conditions);
  });
  const { steps: constants, known, empty } = constantTables(c, candidates, conditions);
  const rest = candidates.filter(({ facts }) => (known & (1 << facts.place)) === 0);
  const found = joinOrder(c.x, rest, conditions, known, tableOf(sorts, conditions, equals));
  const steps = found.map((step): Step => {
    const index = step.access.type === 'ALL' ? shortestCovering(step.candidate.facts) : undefined;
    return index ? { ...step, access: { ...step.access, type: 'index', index } } : step;
  });
  return { constants, steps, conditions, equals, empty };
}
