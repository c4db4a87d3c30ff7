// INSERT, REPLACE, UPDATE, DELETE, LOAD DATA, TRUNCATE.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-data-manipulation-statements.html
import type { Assignment } from '../ast/change.ts';
import type { Expression } from '../ast/expression.ts';
import type { TableRef } from '../ast/query.ts';
import type { Statement } from '../ast/statement.ts';
import { parseOrderItem } from './call.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseTables } from './from.ts';
import { parseFileFormat, parseLimit } from './into.ts';
import { parseTableName } from './names.ts';

const PRIORITIES = ['LOW_PRIORITY', 'HIGH_PRIORITY', 'DELAYED', 'QUICK'];

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

export function parseInsert(c: Cursor, replace: boolean): Statement {
  c.acceptOne(...PRIORITIES);
  const ignore = c.accept('IGNORE');
  c.accept('INTO');
  const table = parseTableName(c);
  if (c.accept('PARTITION')) c.parenthesised(() => c.list(() => c.name()));
  const base = { kind: 'insert', table, replace, ignore } as const;
  if (c.accept('SET')) {
    const assignments = c.list(() => parseAssignment(c));
    const columns = assignments.map((entry) => entry.column.at(-1) as string);
    return {
      ...base,
      columns,
      rows: [assignments.map((entry) => entry.value)],
      query: undefined,
      update: parseOnDuplicate(c, replace),
    };
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
    if (c.accept('AS')) {
      c.name();
      if (c.is('(')) c.parenthesised(() => c.list(() => c.name()));
    }
    return { ...base, columns, rows, query: undefined, update: parseOnDuplicate(c, replace) };
  }
  if (!c.isOne('SELECT', 'WITH', 'TABLE', '(')) throw c.fail();
  const query = c.parseQuery(c);
  return { ...base, columns, rows: undefined, query, update: parseOnDuplicate(c, replace) };
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

export function parseUpdate(c: Cursor): Statement {
  c.acceptOne('LOW_PRIORITY');
  c.accept('IGNORE');
  const from = parseTables(c);
  const table = firstTable(from);
  c.expect('SET');
  const assignments = c.list(() => parseAssignment(c));
  const where = c.accept('WHERE') ? parseExpression(c) : undefined;
  const order = c.acceptAll('ORDER', 'BY') ? c.list(() => parseOrderItem(c)) : [];
  const limit = parseLimit(c);
  return { kind: 'update', table, alias: table.alias, from, assignments, where, order, limit };
}

export function parseDelete(c: Cursor): Statement {
  while (c.acceptOne('LOW_PRIORITY', 'QUICK', 'IGNORE'));
  let targets: { schema: string; name: string }[] | undefined;
  if (!c.is('FROM')) {
    targets = c.list(() => parseTarget(c));
    c.expect('FROM');
  } else c.advance();
  const from = parseTables(c);
  if (c.accept('USING')) {
    const target = firstTable(from);
    const using = parseTables(c);
    return finishDelete(c, using, target);
  }
  return finishDelete(c, from, targets?.[0]);
}

function parseTarget(c: Cursor): { schema: string; name: string } {
  const target = parseTableName(c);
  if (c.accept('.')) c.expect('*');
  return target;
}

function finishDelete(c: Cursor, from: TableRef, target: { schema: string; name: string } | undefined): Statement {
  const first = firstTable(from);
  const found = target ? (findAlias(from, target.name) ?? { ...target, alias: target.name }) : first;
  const where = c.accept('WHERE') ? parseExpression(c) : undefined;
  const order = c.acceptAll('ORDER', 'BY') ? c.list(() => parseOrderItem(c)) : [];
  const limit = parseLimit(c);
  return { kind: 'delete', table: found, alias: found.alias, from, where, order, limit };
}

function findAlias(ref: TableRef, alias: string): { schema: string; name: string; alias: string } | undefined {
  if (ref.kind === 'table') return ref.alias === alias ? ref : undefined;
  if (ref.kind === 'join') return findAlias(ref.left, alias) ?? findAlias(ref.right, alias);
  return undefined;
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
