// COM_FIELD_LIST: a table's columns with their defaults; the mysql client asks it of each table for completion.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_field_list.html
import { systemTable } from '../persona/catalogue.ts';
import { resultColumn } from '../session/statements/result.ts';
import { overlayColumnFacts } from '../session/system-rows/column-facts.ts';
import { matchesLike } from '../sql/like.ts';
import type { ScopeColumn } from '../sql/scope.ts';
import { isDecimal, isDouble, isInteger } from '../sql/value/type.ts';
import { ByteReader } from '../wire/bytes.ts';
import { writeColumn } from '../wire/column.ts';
import type { CommandContext } from './command-context.ts';

export function comFieldList(c: CommandContext, payload: Buffer): void {
  const reader = new ByteReader(payload, 1);
  const table = reader.untilNul().toString();
  const wild = reader.rest().toString();
  c.touches.command(c.now(), 'COM_FIELD_LIST', c.session.user, { statement: table, database: c.session.database });
  const source = c.session.table('', table);
  const { told } = c.session.resultCharset();
  for (const column of source.columns) {
    if (wild !== '' && !matchesLike(column.name, wild, '\\', 'utf8mb3_general_ci', () => undefined)) continue;
    const out = c.reply.begin();
    writeColumn(out, { ...resultColumn(column), name: column.orgName || column.name }, told);
    const fallback = fieldDefault(c, source.schema, source.name, column);
    if (fallback === null) out.uint(0xfb, 1);
    else out.lenencText(fallback);
    c.reply.end();
  }
  c.reply.endOfRows(c.session.status(), 0);
}

/** A column's default as COM_FIELD_LIST tells it: its own, or what its type begins as where it may not be NULL. */
function fieldDefault(c: CommandContext, schema: string, table: string, column: ScopeColumn): string | null {
  const own = c.session.overlay.databases.get(schema)?.tables.get(table);
  const facts = own ? overlayColumnFacts(own) : (systemTable(schema, table)?.columns ?? []);
  const found = facts.find((fact) => fact.name === column.name);
  if (found?.fallback != null) return found.fallback;
  if (column.type.nullable) return null;
  return isInteger(column.type) || isDouble(column.type) || isDecimal(column.type) ? '0' : '';
}
