// Names: columns, user variables, assignments to them, system variables.

import type { VariableMark } from '../../session/user-variables.ts';
import { deprecation } from '../../session/variable-choices.ts';
import { TYPE } from '../../wire/constants.ts';
import { sqlError } from '../errors.ts';
import { type Node, outer, type Row, type Scope, type ScopeColumn } from '../scope.ts';
import { findCharset } from '../value/charset.ts';
import {
  bytesType,
  decimalType,
  doubleType,
  intType,
  isDecimal,
  isDouble,
  isInteger,
  isString,
  isTemporal,
  NOT_SPECIFIED,
  type SqlType,
  textType,
  widened,
} from '../value/type.ts';
import type { Value } from '../value/value.ts';
import { type Compiler, NUMERIC, type Of, scalar } from './compiler.ts';

export function compileColumn(c: Compiler, e: Of<'column'>, scope: Scope): Node {
  const { x } = c;
  const local = x.names?.find(e.path);
  // Looked up again for each value: the block that declares it may be entered anew.
  if (local)
    return {
      type: local.type,
      get: () => (x.names?.find(e.path) ?? local).get(),
      coercibility: local.type.text ? 2 : NUMERIC,
      stored: true,
    };
  const alias = e.path.length === 1 ? scope.aliases?.get((e.path[0] as string).toLowerCase()) : undefined;
  const twice = alias !== undefined && scope.ambiguous?.has((e.path[0] as string).toLowerCase()) === true;
  if (twice) throw sqlError('ER_NON_UNIQ_ERROR', e.path.join('.'), scope.clause);
  if (alias && scope.clause === 'having clause' && scope.windowed?.has((e.path[0] as string).toLowerCase()))
    throw sqlError('ER_WINDOW_INVALID_WINDOW_FUNC_ALIAS_USE', e.path[0] as string);
  const grouped =
    alias && scope.clause === 'having clause' && scope.preferred?.has((e.path[0] as string).toLowerCase()) === true;
  if (grouped) x.warn('ER_NON_UNIQ_ERROR', e.path[0] as string, scope.clause);
  if (alias && scope.clause !== 'group statement' && !grouped) return alias;
  let found: ReturnType<Scope['find']>;
  try {
    found = scope.find(e.path);
  } catch (error) {
    if (alias) return alias;
    throw error;
  }
  const { at, depth } = found;
  const column = asNamed(found.column);
  if (
    scope.clause === 'having clause' &&
    depth === 0 &&
    !scope.insideAggregate &&
    scope.kept?.has(found.column) === false
  )
    throw sqlError('ER_BAD_FIELD_ERROR', e.path.join('.'), scope.clause);
  const kept =
    depth === 0 ? (row: Row) => row.values[at] as Value : (row: Row) => outer(row, depth).values[at] as Value;
  const get = readOf(c, column, kept);
  c.x.spend(1);
  const rolled = depth === 0 && !scope.insideAggregate ? (scope.rolled?.indexOf(found.column) ?? -1) : -1;
  if (rolled >= 0 && scope.clause !== 'where clause' && scope.clause !== 'group statement') {
    const most = (scope.rolled?.length ?? 0) - 1 - rolled;
    return {
      type: { ...widened(column.type), nullable: true },
      get: (row) => ((row.rolled ?? 0) > most ? null : get(row)),
      coercibility: isString(column.type) || column.type.text ? 2 : NUMERIC,
      column,
    };
  }
  return {
    type: widened(column.type),
    get,
    coercibility: isString(column.type) || column.type.text ? 2 : NUMERIC,
    column,
  };
}

/** A column as it is told where it is named. */
function asNamed(column: ScopeColumn): ScopeColumn {
  return column.view === undefined || column.orgTable === ''
    ? column
    : { ...column, orgTable: column.view, shownSchema: column.schema };
}

/** What an expression reads of a column whose rows keep it as `kept` gives it. */
export function readOf(c: Compiler, column: ScopeColumn, kept: Node['get']): Node['get'] {
  const { session } = c.x;
  if (column.type.type === TYPE.TIMESTAMP) return (row) => session.atZone(kept(row));
  const pad = paddedTo(c, column);
  return pad === undefined ? kept : (row) => paddedValue(kept(row), pad);
}

/** Characters a value of a CHAR column is filled up to, where sql_mode asks for that. */
export function paddedTo(c: Compiler, { type }: ScopeColumn): number | undefined {
  if (type.type !== TYPE.STRING || !type.text || type.members) return undefined;
  return c.x.session.sqlMode().includes('PAD_CHAR_TO_FULL_LENGTH') ? type.length : undefined;
}

export function paddedValue(value: Value, length: number): Value {
  return typeof value === 'string' ? value.padEnd(length) : value;
}

/** DEFAULT(column): what its table would give it, told as the column itself. Throws 1364 where it has none. */
export function compileDefault(c: Compiler, e: Of<'default'>, scope: Scope): Node {
  const path = e.owner === undefined ? [e.column] : [e.owner, e.column];
  const { start, end } = e;
  const node = compileColumn(c, { kind: 'column', path, start, end }, scope);
  const { column } = node;
  if (!column) return node;
  const table = column.orgTable === '' ? undefined : c.x.session.table(column.shownSchema, column.orgTable);
  const value = table?.defaultOf?.(c.x, column.orgName) ?? (column.type.nullable ? null : implied(column.type));
  return { ...node, get: () => value };
}

/** What stands for nothing in a column of no table. */
function implied(type: SqlType): Value {
  return type.text || isString(type) ? '' : 0n;
}

const UNSET_BYTES = 65_535;

/** A user variable nobody has set: as many bytes as whole characters of the connection's set have room. */
function unsetVariable(charset: string): SqlType {
  const width = findCharset(charset)?.maxBytes ?? 1;
  return bytesType(UNSET_BYTES - (UNSET_BYTES % width));
}

/** Characters of the widest text a variable holds. */
const VARIABLE_CHARACTERS = 16_777_215;

function variableType(value: Value, mark: VariableMark | undefined): SqlType {
  if (typeof value === 'bigint') return intType(21, { unsigned: mark?.unsigned === true || value > MAX_SIGNED });
  if (typeof value === 'number') return doubleType();
  if (value === null) return nullVariable(mark);
  if (Buffer.isBuffer(value)) return bytesType(VARIABLE_CHARACTERS);
  if (typeof value === 'object' && 'units' in value) return decimalType(65, 30, { length: 83 } as Partial<SqlType>);
  const temporal = typeof value === 'object' && 'kind' in value;
  const collation = temporal ? 'latin1_swedish_ci' : mark?.collation;
  return textType(VARIABLE_CHARACTERS, collation ? { collation } : {});
}

/** Digits and point of a NULL decimal, as a variable tells it. */
const NULL_DECIMAL = 67;

/** A NULL is told as what it was a NULL of: no number, no text, or of nothing. */
function nullVariable(mark: VariableMark | undefined): SqlType {
  const type = mark as SqlType | undefined;
  if (!type) return bytesType(VARIABLE_CHARACTERS);
  if (isInteger(type)) return intType(21, { unsigned: type.unsigned });
  if (isDouble(type)) return doubleType();
  if (isDecimal(type)) return decimalType(65, 30, { length: NULL_DECIMAL } as Partial<SqlType>);
  const temporal = isTemporal(type);
  if (!type.text && !temporal) return bytesType(VARIABLE_CHARACTERS);
  return textType(VARIABLE_CHARACTERS, temporal ? {} : { collation: type.collation });
}

const MAX_SIGNED = 2n ** 63n - 1n;

export function compileVariable(c: Compiler, e: Of<'variable'>): Node {
  const { session } = c.x;
  const known = session.userVariables.get(e.name);
  const type = session.userVariables.has(e.name)
    ? variableType(known, session.userVariables.markOf(e.name))
    : unsetVariable(session.connectionCharset());
  return { type, get: () => session.userVariables.get(e.name), coercibility: 2 };
}

/** What an assignment gives is the value and no column: integers of one width, times as text. */
function assignedType(type: SqlType): SqlType {
  const { nullable, unsigned } = type;
  if (isInteger(type)) return intType(type.length, { nullable, unsigned });
  if (isTemporal(type)) return textType(type.length, { nullable });
  const plain = { ...type, members: undefined, exactFlags: false, flags: 0 };
  return isString(type) ? { ...plain, decimals: NOT_SPECIFIED } : plain;
}

export function compileAssign(c: Compiler, e: Of<'assign'>, scope: Scope): Node {
  const value = scalar(c, e.value, scope);
  const { session } = c.x;
  return {
    type: assignedType(value.type),
    coercibility: value.coercibility,
    get: (row) => {
      const result = value.get(row);
      session.userVariables.set(e.name, result, value.type);
      return result;
    },
  };
}

export function compileSystem(c: Compiler, e: Of<'system'>): Node {
  const { session } = c.x;
  const { type, value } = session.readVariable(e.name, e.scope);
  const told = deprecation(e.name.toLowerCase());
  if (told) session.addWarning('Warning', 1287, told);
  return { type, get: () => value, coercibility: type.text ? 3 : NUMERIC };
}
