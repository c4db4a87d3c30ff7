// What several statements' parsers share: statements kept as words for the administration table, and text taken in unread.

import type { Expression } from '../ast/expression.ts';
import type { Statement } from '../ast/statement.ts';
import type { TableName } from '../ast/table.ts';
import type { Cursor } from './cursor.ts';

export type Parser = (c: Cursor) => Statement;

export function administration(
  what: string,
  fields: { tables?: TableName[]; text?: string; names?: string[]; value?: Expression } = {},
): Statement {
  return {
    kind: 'administration',
    what,
    tables: fields.tables ?? [],
    text: fields.text ?? '',
    names: fields.names ?? [],
    value: fields.value,
  };
}

/** Takes in what is left of a statement, unread. */
export function skipToEnd(c: Cursor): void {
  while (c.token.kind !== 'end' && !c.is(';')) {
    if (c.token.kind === 'bad') throw c.fail();
    c.advance();
  }
}
