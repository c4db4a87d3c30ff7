// WHERE: its parts that must all hold, of which those without columns are settled before any row is read, as the optimizer does.
// Source: https://dev.mysql.com/doc/refman/9.7/en/where-optimization.html (constant conditions are evaluated early)
import type { SelectCore } from '../ast/query.ts';
import { withAhead } from '../compile/ahead.ts';
import { type Compiler, condition, truth } from '../compile/compiler.ts';
import { moves } from '../compile/fixed.ts';
import { TRUTH_PARAMETER } from '../compile/parameter-types.ts';
import { derive } from '../compile/parameters.ts';
import { compile } from '../compile.ts';
import { sqlError } from '../errors.ts';
import { splitAnd } from '../plan/conditions.ts';
import type { Node, Row, Scope } from '../scope.ts';
import type { Steps } from '../steps.ts';

interface Part {
  readonly node: Node;
  /** It names no column of any query around it, and gives the same each time. */
  readonly constant: boolean;
}

export interface Where {
  /** What the constant parts come to: false where no row can hold. What they throw is thrown before columns are told. */
  readonly settle: () => boolean;
  /** Whether the other parts hold for a row. */
  readonly holds: (row: Row) => boolean;
  /** As `holds`, for whoever can wait; undefined where no part goes through rows of its own. */
  readonly steps: ((row: Row) => Steps<boolean>) | undefined;
}

/** Throws 1241 for a row. */
export function compileWhere(c: Compiler, core: SelectCore, scope: Scope): Where | undefined {
  if (!core.where) return undefined;
  scope.clause = 'where clause';
  derive(c.x, core.where, TRUTH_PARAMETER);
  const [aggregates, windows] = [scope.aggregates, scope.windows];
  scope.aggregates = undefined;
  scope.windows = undefined;
  const parts = splitAnd(core.where).map((e): Part => {
    const before = scope.lookups;
    const node = withAhead(c, e, () => compile(c, e, scope));
    if (node.row) throw sqlError('ER_OPERAND_COLUMNS', 1);
    return { node: condition(c, node), constant: scope.lookups === before && !moves(e) };
  });
  scope.aggregates = aggregates;
  scope.windows = windows;
  const constants = parts.filter(({ constant }) => constant);
  // A query is asked last, for the rows that are left.
  const varying = parts.filter(({ constant }) => !constant);
  const others = [...varying.filter(({ node }) => !node.ahead), ...varying.filter(({ node }) => node.ahead)];
  const allHold = (some: readonly Part[], row: Row) => some.every(({ node }) => truth(c, node, row) === true);
  return {
    settle: () => {
      const around = c.x.planning;
      c.x.planning = true;
      const settled = allHold(constants, { values: [] });
      c.x.planning = around;
      return settled;
    },
    holds: (row) => allHold(others, row),
    steps: others.some(({ node }) => node.ahead) ? (row) => heldSteps(c, others, row) : undefined,
  };
}

function* heldSteps(c: Compiler, parts: readonly Part[], row: Row): Steps<boolean> {
  for (const { node } of parts) {
    for (const ask of node.ahead ?? []) yield* ask(row);
    if (truth(c, node, row) !== true) return false;
  }
  return true;
}
