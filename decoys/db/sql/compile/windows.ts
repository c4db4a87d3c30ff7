// Window functions: the window each OVER means, whether its frame can be, and the slot its values will stand in.
// Source: https://dev.mysql.com/doc/refman/9.7/en/window-functions-named-windows.html, window-functions-frames.html

import { TYPE } from '../../wire/constants.ts';
import { aggregateType } from '../aggregate.ts';
import type { Expression, FrameBound, WindowFrame, WindowSpec } from '../ast/expression.ts';
import { type ErrorName, sqlError } from '../errors.ts';
import type { FrameEdge, Node, Scope, WindowSlot } from '../scope.ts';
import { parseInterval } from '../value/interval.ts';
import {
  countType,
  doubleType,
  isDecimal,
  isDouble,
  isInteger,
  isTemporal,
  mergeTypes,
  type SqlType,
} from '../value/type.ts';
import { toInteger, toNumber, toText, type Value } from '../value/value.ts';
import { type Compiler, NUMERIC, type Of, scalar } from './compiler.ts';
import { conform } from './conversions.ts';

const UNNAMED = '<unnamed window>';
const NO_ROW = { values: [] };

/**
 * The window an OVER means: its own clauses laid over those of the window it names.
 * Throws 3579 where there is none, 3580 to 3583 where one cannot stand on the other.
 */
function windowOf(
  spec: WindowSpec,
  name: string,
  named: ReadonlyMap<string, WindowSpec> | undefined,
  above: readonly string[] = [],
): WindowSpec {
  if (spec.base === '') return spec;
  const base = named?.get(spec.base);
  if (!base) throw sqlError('ER_WINDOW_NO_SUCH_WINDOW', spec.base);
  if (above.includes(spec.base)) throw sqlError('ER_WINDOW_CIRCULARITY_IN_WINDOW_GRAPH');
  const below = windowOf(base, spec.base, named, [...above, spec.base]);
  const whole = spec.partition.length === 0 && spec.order.length === 0 && !spec.frame && spec.bare;
  if (!whole) {
    if (spec.partition.length > 0) throw sqlError('ER_WINDOW_NO_CHILD_PARTITIONING');
    if (below.frame) throw sqlError('ER_WINDOW_NO_INHERIT_FRAME', spec.base);
    if (spec.order.length > 0 && below.order.length > 0)
      throw sqlError('ER_WINDOW_NO_REDEFINE_ORDER_BY', name, spec.base);
  }
  return {
    base: '',
    partition: below.partition,
    order: spec.order.length > 0 ? spec.order : below.order,
    frame: spec.frame ?? below.frame,
  };
}

/** Throws 3579 to 3583 where a window of the WINDOW clause cannot stand on the one it names, whether it is used or not. */
export function checkWindows(windows: ReadonlyMap<string, WindowSpec>): void {
  for (const [name, spec] of windows) windowOf(spec, name, windows, [name]);
}

/** Where the ends of a frame can stand to each other. Throws 3584 to 3586. */
function checkEnds({ start, end }: WindowFrame, name: string): void {
  if (start.kind === 'unbounded-following') throw sqlError('ER_WINDOW_FRAME_START_ILLEGAL', name);
  if (end.kind === 'unbounded-preceding') throw sqlError('ER_WINDOW_FRAME_END_ILLEGAL', name);
  const backwards =
    (start.kind === 'current' && end.kind === 'preceding') ||
    (start.kind === 'following' && (end.kind === 'preceding' || end.kind === 'current'));
  if (backwards) throw sqlError('ER_WINDOW_FRAME_ILLEGAL', name);
}

/** The one sort key amounts of a RANGE are counted in. Throws 3587 to 3589, 3596. */
function checkAmount(frame: WindowFrame, amount: Expression, order: WindowSlot['order'], name: string): void {
  const refuse = (error: ErrorName): never => {
    throw sqlError(error, name);
  };
  const interval = amount.kind === 'interval';
  if (frame.unit === 'rows') {
    if (interval) refuse('ER_WINDOW_ROWS_INTERVAL_USE');
    return;
  }
  const key = order.length === 1 ? order[0]?.node.type : undefined;
  const numeric = key !== undefined && (isInteger(key) || isDecimal(key) || isDouble(key));
  const temporal = key !== undefined && isTemporal(key);
  if (!numeric && !temporal) refuse('ER_WINDOW_RANGE_FRAME_ORDER_TYPE');
  if (temporal && !interval) refuse('ER_WINDOW_RANGE_FRAME_TEMPORAL_TYPE');
  if (numeric && interval) refuse('ER_WINDOW_RANGE_FRAME_NUMERIC_TYPE');
}

const EDGES: Readonly<Record<'current' | 'unbounded-preceding' | 'unbounded-following', FrameEdge>> = {
  current: { by: 0 },
  'unbounded-preceding': { by: Number.NEGATIVE_INFINITY },
  'unbounded-following': { by: Number.POSITIVE_INFINITY },
};

function edge(c: Compiler, frame: WindowFrame, { kind, amount }: FrameBound, scope: Scope, name: string): FrameEdge {
  if (kind !== 'preceding' && kind !== 'following') return EDGES[kind];
  const sign = kind === 'preceding' ? -1 : 1;
  const e = amount as Expression;
  if (e.kind === 'interval') {
    const text = toText(scalar(c, e.amount, scope).get(NO_ROW));
    const interval = text === null ? undefined : parseInterval(text, e.unit);
    if (!interval || interval.months < 0 || interval.ms < 0) throw sqlError('ER_WINDOW_FRAME_ILLEGAL', name);
    return { by: sign, interval };
  }
  const value = scalar(c, e, scope).get(NO_ROW);
  if (isUnbound(c, e)) return EDGES.current;
  const by = Number(toNumber(value));
  if (value === null || by < 0 || (frame.unit === 'rows' && !Number.isInteger(by)))
    throw sqlError('ER_WINDOW_FRAME_ILLEGAL', name);
  return { by: sign * by };
}

/** A parameter of what is prepared, which has no value to check yet. */
function isUnbound({ x }: Compiler, e: Expression | undefined): boolean {
  return e?.kind === 'parameter' && e.index >= x.parameters.length;
}

function frameOf(
  c: Compiler,
  frame: WindowFrame,
  order: WindowSlot['order'],
  scope: Scope,
  name: string,
): WindowSlot['frame'] {
  checkEnds(frame, name);
  for (const { amount } of [frame.start, frame.end]) if (amount) checkAmount(frame, amount, order, name);
  return {
    unit: frame.unit,
    start: edge(c, frame, frame.start, scope, name),
    end: edge(c, frame, frame.end, scope, name),
  };
}

function positional(e: Expression): boolean {
  return e.kind === 'number' && e.form === 'integer';
}

/** Functions whose one number must be at least one. */
const COUNTED: Readonly<Record<string, number>> = { __proto__: null as never, NTILE: 0, NTH_VALUE: 1 };

function checkCount(name: string, args: readonly Node[]): void {
  const node = args[COUNTED[name] ?? -1];
  if (!node) return;
  const value = node.get(NO_ROW);
  if (value === null && name === 'NTILE') return;
  const count = typeof value === 'bigint' || value === null ? toInteger(value) : null;
  if (count === null || count < 1n) throw sqlError('ER_WRONG_ARGUMENTS', name.toLowerCase());
}

export function compileWindow(c: Compiler, e: Of<'window'> | Of<'aggregate'>, scope: Scope): Node {
  const slots = scope.windows;
  if (!slots || !e.over || scope.insideAggregate || scope.clause === 'having clause')
    throw sqlError('ER_WINDOW_INVALID_WINDOW_FUNC_USE', e.name.toLowerCase());
  const name = e.over.base === '' || !e.over.bare ? UNNAMED : e.over.base;
  if (scope.insideWindow) throw sqlError('ER_WINDOW_NESTED_WINDOW_FUNC_USE_IN_WINDOW_SPEC', scope.insideWindow);
  const args = e.args.map((arg) => scalar(c, arg, scope));
  const over = windowOf(e.over, name, scope.namedWindows);
  if (over.partition.some(positional) || over.order.some((item) => positional(item.expression)))
    throw sqlError('ER_WINDOW_ILLEGAL_ORDER_BY', name);
  scope.insideWindow = name;
  const { clause } = scope;
  scope.clause = 'window partition by';
  const partition = over.partition.map((item) => scalar(c, item, scope));
  scope.clause = 'window order by';
  const order = over.order.map((item) => ({
    node: scalar(c, item.expression, scope),
    descending: item.descending,
  }));
  scope.insideWindow = undefined;
  scope.clause = clause;
  const frame = over.frame && frameOf(c, over.frame, order, scope, name);
  if (!isUnbound(c, e.args[COUNTED[e.name] ?? -1])) checkCount(e.name, args);
  const slot: WindowSlot = { expression: e, args, partition, order, frame, values: [] };
  slots.push(slot);
  const types = args.map((arg) => arg.type);
  const type = e.kind === 'aggregate' ? aggregateType(e.name, types, c.x.session) : windowType(e.name, types);
  const shifts = e.name === 'LAG' || e.name === 'LEAD';
  const at = (row: { readonly position?: number }): Value => (slot.values[row.position ?? 0] ?? null) as Value;
  return { type, coercibility: NUMERIC, get: shifts && types.length > 2 ? (row) => conform(at(row), type) : at };
}

function windowType(name: string, args: readonly SqlType[]): SqlType {
  if (name === 'PERCENT_RANK' || name === 'CUME_DIST') return doubleType({ nullable: false });
  const [first, , fallback] = args;
  if (!first || name === 'NTILE') return countType(21, { unsigned: true });
  const shifts = name === 'LAG' || name === 'LEAD';
  const type = shifts && fallback ? mergeTypes([first, fallback]) : first;
  // Whole numbers are told by their digits, not by the column they came from.
  const whole = isInteger(type) ? { type: TYPE.LONGLONG } : {};
  return {
    ...type,
    ...whole,
    nullable: shifts ? !fallback || first.nullable || fallback.nullable : true,
    flags: 0,
    exactFlags: false,
  };
}
