// INSERT, REPLACE, UPDATE, DELETE, LOAD DATA, TRUNCATE.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-data-manipulation-statements.html
import type { Assignment, Leading, RowAlias } from '../ast/change.ts';
import type { Expression } from '../ast/expression.ts';
import type { TableRef } from '../ast/query.ts';
import type { Statement, StatementOf } from '../ast/statement.ts';
import type { TableName } from '../ast/table.ts';
import { sqlError } from '../errors.ts';
import { parseOrderItem } from './call.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseTables } from './from.ts';
import { parseFileFormat, parseLimit } from './into.ts';
import { parseTableName } from './names.ts';

/** A value, or undefined for DEFAULT. */
function parseValue(c: Cursor): Expression | undefined {
  if (c.is('DEFAULT') && c.peek().upper !== '(') {
    c.advance();
    return undefined;
  }
  return parseExpression(c);
}

function parsePath(c: Cursor): string[] {
  const path = [c.name()];
  while (c.accept('.')) path.push(c.nameAfterDot());
  return path;
}

function parseAssignment(c: Cursor): Assignment {
  const column = parsePath(c);
  if (!c.accept(':=')) c.expect('=');
  return { column, value: parseValue(c) };
}

function parsePartitions(c: Cursor): string[] {
  return c.accept('PARTITION') ? c.parenthesised(() => c.list(() => c.name())) : [];
}

function parseRowAlias(c: Cursor): RowAlias | undefined {
  if (!c.accept('AS')) return undefined;
  const table = c.name();
  return { table, columns: c.is('(') ? c.parenthesised(() => c.list(() => c.name())) : [] };
}

const INSERT_PRIORITIES = ['LOW_PRIORITY', 'HIGH_PRIORITY', 'DELAYED'];
const REPLACE_PRIORITIES = ['LOW_PRIORITY', 'DELAYED'];

export function parseInsert(c: Cursor, replace: boolean): Statement {
  const priority = c.acceptOne(...(replace ? REPLACE_PRIORITIES : INSERT_PRIORITIES));
  if (priority === 'DELAYED') c.warn('ER_WARN_LEGACY_SYNTAX_CONVERTED', ...delayed(replace));
  const ignore = !replace && c.accept('IGNORE');
  c.accept('INTO');
  const table = parseTableName(c);
  const base = { kind: 'insert', table, replace, ignore, partitions: parsePartitions(c) } as const;
  if (c.accept('SET')) {
    const assignments = c.list(() => parseAssignment(c));
    const columns = assignments.map((entry) => entry.column.at(-1) as string);
    const rows = [assignments.map((entry) => entry.value)];
    const alias = replace ? undefined : parseRowAlias(c);
    return { ...base, columns, rows, query: undefined, alias, update: parseOnDuplicate(c, replace) };
  }
  let columns: string[] | undefined;
  if (c.is('(') && !['SELECT', 'WITH', 'TABLE', 'VALUES', '('].includes(c.peek().upper)) {
    c.advance();
    columns = c.is(')') ? [] : c.list(() => parsePath(c).at(-1) as string);
    c.expect(')');
  }
  if (c.acceptOne('VALUES', 'VALUE')) {
    const rows = c.list(() => {
      c.accept('ROW');
      c.expect('(');
      const row = c.is(')') ? [] : c.list(() => parseValue(c));
      c.expect(')');
      return row;
    });
    const alias = replace ? undefined : parseRowAlias(c);
    return { ...base, columns, rows, query: undefined, alias, update: parseOnDuplicate(c, replace) };
  }
  if (!c.isOne('SELECT', 'WITH', 'TABLE', '(')) throw c.fail();
  const query = c.parseQuery(c);
  return { ...base, columns, rows: undefined, query, alias: undefined, update: parseOnDuplicate(c, replace) };
}

/** What DELAYED is told to have become. */
function delayed(replace: boolean): [string, string] {
  return replace ? ['REPLACE DELAYED', 'REPLACE'] : ['INSERT DELAYED', 'INSERT'];
}

function parseOnDuplicate(c: Cursor, replace: boolean): Assignment[] {
  if (replace || !c.acceptAll('ON', 'DUPLICATE', 'KEY', 'UPDATE')) return [];
  return c.list(() => parseAssignment(c));
}

function firstTable(ref: TableRef): { schema: string; name: string; alias: string } {
  if (ref.kind === 'table') return ref;
  if (ref.kind === 'join') return firstTable(ref.left);
  return { schema: '', name: ref.alias, alias: ref.alias };
}

const NOTHING_LEADS: Leading = { with: [], recursive: false };

function parseChosen(c: Cursor, multi: string | undefined): Pick<Chosen, 'where' | 'order' | 'limit'> {
  const where = c.accept('WHERE') ? parseExpression(c) : undefined;
  if (multi && c.is('ORDER')) {
    if (multi === 'UPDATE') throw sqlError('ER_WRONG_USAGE', multi, 'ORDER BY');
    throw c.fail();
  }
  const order = c.acceptAll('ORDER', 'BY') ? c.list(() => parseOrderItem(c)) : [];
  if (multi && c.is('LIMIT')) {
    if (multi === 'UPDATE') throw sqlError('ER_WRONG_USAGE', multi, 'LIMIT');
    throw c.fail();
  }
  return { where, order, limit: parseLimit(c) };
}

type Chosen = StatementOf<'update'>;

export function parseUpdate(c: Cursor, leading: Leading = NOTHING_LEADS): Statement {
  c.acceptOne('LOW_PRIORITY');
  const ignore = c.accept('IGNORE');
  const from = parseTables(c);
  const table = firstTable(from);
  c.expect('SET');
  const assignments = c.list(() => parseAssignment(c));
  const chosen = parseChosen(c, from.kind === 'table' ? undefined : 'UPDATE');
  return { kind: 'update', table, alias: table.alias, ignore, from, assignments, ...chosen, ...leading };
}

export function parseDelete(c: Cursor, leading: Leading = NOTHING_LEADS): Statement {
  let ignore = false;
  for (let word = c.acceptOne(...DELETE_OPTIONS); word; word = c.acceptOne(...DELETE_OPTIONS))
    if (word === 'IGNORE') ignore = true;
  if (!c.is('FROM')) {
    const targets = c.list(() => parseTarget(c));
    c.expect('FROM');
    return finishDelete(c, parseTables(c), targets, ignore, leading);
  }
  c.advance();
  const mark = c.mark();
  const targets = c.list(() => parseTarget(c));
  if (c.accept('USING')) return finishDelete(c, parseTables(c), targets, ignore, leading);
  c.back(mark);
  const { start } = c.token;
  const name = parseTableName(c);
  const alias = c.accept('AS') || c.isName() ? c.name() : name.name;
  const partitions = parsePartitions(c);
  const from: TableRef = { kind: 'table', ...name, alias, start, ...(partitions.length > 0 && { partitions }) };
  return finishDelete(c, from, undefined, ignore, leading);
}

const DELETE_OPTIONS = ['LOW_PRIORITY', 'QUICK', 'IGNORE'];

function parseTarget(c: Cursor): TableName {
  const target = parseTableName(c);
  if (c.accept('.')) c.expect('*');
  return target;
}

function finishDelete(
  c: Cursor,
  from: TableRef,
  targets: readonly TableName[] | undefined,
  ignore: boolean,
  leading: Leading,
): Statement {
  const table = firstTable(from);
  const chosen = parseChosen(c, targets ? 'DELETE' : undefined);
  return { kind: 'delete', table, alias: table.alias, ignore, targets, from, ...chosen, ...leading };
}

export function parseLoad(c: Cursor): Statement {
  if (!c.acceptOne('DATA', 'XML')) throw c.fail();
  c.acceptOne('LOW_PRIORITY', 'CONCURRENT');
  const local = c.accept('LOCAL');
  c.accept('FROM');
  c.expect('INFILE');
  const file = c.string();
  c.acceptOne('REPLACE', 'IGNORE');
  c.expect('INTO', 'TABLE');
  const table = parseTableName(c);
  parseFileFormat(c);
  if (c.accept('IGNORE')) {
    c.integer();
    if (!c.acceptOne('LINES', 'ROWS')) throw c.fail();
  }
  if (c.is('(')) {
    c.parenthesised(() =>
      c.list(() => {
        if (c.token.kind === 'variable') c.advance();
        else c.name();
      }),
    );
  }
  if (c.accept('SET')) c.list(() => parseAssignment(c));
  return { kind: 'load-data', local, file, table };
}
