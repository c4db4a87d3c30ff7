// JSON_TABLE(document, path COLUMNS (…)) AS alias.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json-table-functions.html
import type { JsonOtherwise, JsonTableColumn, TableRef } from '../ast/query.ts';
import { parseColumnType } from './column-type.ts';
import type { Cursor } from './cursor.ts';

export function parseJsonTable(c: Cursor): TableRef {
  c.expect('JSON_TABLE', '(');
  const document = c.parseExpression(c);
  c.expect(',');
  const path = c.string();
  const columns = parseColumns(c);
  c.expect(')');
  c.accept('AS');
  const alias = c.isName() ? c.name() : '';
  return { kind: 'json-table', document, path, columns, alias };
}

function parseColumns(c: Cursor): JsonTableColumn[] {
  c.expect('COLUMNS');
  c.enter();
  const columns = c.parenthesised(() => c.list(() => parseColumn(c)));
  c.leave();
  return columns;
}

function parseColumn(c: Cursor): JsonTableColumn {
  if (c.accept('NESTED')) {
    c.accept('PATH');
    const path = c.string();
    return { kind: 'nested', path, columns: parseColumns(c) };
  }
  const name = c.name();
  if (c.acceptAll('FOR', 'ORDINALITY')) return { kind: 'ordinality', name };
  const type = parseColumnType(c);
  if (c.acceptAll('EXISTS', 'PATH')) return { kind: 'exists', name, path: c.string() };
  c.expect('PATH');
  const path = c.string();
  return { kind: 'path', name, type, path, ...parseOtherwise(c) };
}

/** `{NULL | ERROR | DEFAULT json} ON {EMPTY | ERROR}`: what stands for a cell that is empty, and for one that does not fit. */
function parseOtherwise(c: Cursor): { readonly onEmpty: JsonOtherwise; readonly onError: JsonOtherwise } {
  const otherwise: Record<'EMPTY' | 'ERROR', JsonOtherwise> = { EMPTY: undefined, ERROR: undefined };
  while (c.isOne('NULL', 'ERROR', 'DEFAULT')) {
    const word = c.advance().upper;
    const text = word === 'DEFAULT' ? c.string() : undefined;
    c.expect('ON');
    const when = c.acceptOne('EMPTY', 'ERROR');
    if (!when) throw c.fail();
    otherwise[when as 'EMPTY' | 'ERROR'] = word === 'ERROR' ? { refuses: true } : text;
  }
  return { onEmpty: otherwise.EMPTY, onError: otherwise.ERROR };
}
