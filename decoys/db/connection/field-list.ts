// COM_FIELD_LIST: a table's columns with their defaults; the mysql client asks it of each table for completion.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_field_list.html

import { systemTable } from '../persona/system-tables.ts';
import { resultCharset } from '../session/client-charset.ts';
import { tableExists } from '../session/schemas.ts';
import { resultColumn } from '../session/statements/result.ts';
import { overlayColumnFacts } from '../session/system-rows/column-facts.ts';
import type { TableSource } from '../session/table-source.ts';
import { Budget } from '../sql/budget.ts';
import { sqlError } from '../sql/errors.ts';
import { matchesLike } from '../sql/like.ts';
import type { ScopeColumn } from '../sql/scope.ts';
import { clipBytes, readName } from '../sql/value/client-text.ts';
import { isDecimal, isDouble, isInteger, NOT_SPECIFIED } from '../sql/value/type.ts';
import { ByteReader, ShortPacket } from '../wire/bytes.ts';
import { writeColumn } from '../wire/column.ts';
import type { CommandContext } from './command-context.ts';

/** Longest name, in characters; the longest that is looked at, and told of, in bytes. */
const NAME_CHARACTERS = 64;
const NAME_BYTES = 192;
const TOLD_BYTES = 100;
const DEPRECATED = 1287;
const DEPRECATION =
  "'COM_FIELD_LIST' is deprecated and will be removed in a future release. Please use SHOW COLUMNS FROM statement instead";

function tableNamed(c: CommandContext, table: string): TableSource {
  const { database } = c.session;
  if (database === '') throw sqlError('ER_NO_DB_ERROR');
  if (table === '' || table.endsWith(' ')) throw sqlError('ER_WRONG_TABLE_NAME', table);
  if ([...table].length > NAME_CHARACTERS) throw sqlError('ER_TOO_LONG_IDENT', clipBytes(table, TOLD_BYTES));
  // Once a table is opened the warnings count anew, while SHOW WARNINGS still tells them.
  c.session.warningCount = 0;
  if (!tableExists(c.session, database, table)) throw sqlError('ER_NO_SUCH_TABLE', `${database}.${table}`);
  // A command of its own: it owes nothing to the statement before.
  c.session.budget = undefined;
  return c.session.table('', table);
}

/**
 * Answers COM_FIELD_LIST: the columns of the table that match the wildcard, with what each holds by default. Source: COM_FIELD_LIST of the
 * protocol's documentation.
 */
export function comFieldList(c: CommandContext, payload: Buffer): void {
  const reader = new ByteReader(payload, 1);
  const named = reader.untilNul();
  if (named.length > NAME_BYTES) throw new ShortPacket('a name longer than any');
  const table = readName(named, c.session.clientCharset());
  const [wild = ''] = reader.rest().toString().split('\0');
  c.touches.command(c.now(), 'COM_FIELD_LIST', c.session.user, { statement: table, database: c.session.database });
  c.session.clearWarnings();
  c.session.addWarning('Warning', DEPRECATED, DEPRECATION);
  const source = tableNamed(c, table);
  const { told } = resultCharset(c.session);
  const budget = new Budget();
  for (const column of source.columns) {
    if (wild !== '' && !matchesLike(column.name, wild, '\\', 'utf8mb3_general_ci', (steps) => budget.spend(steps)))
      continue;
    const out = c.reply.begin();
    const described = { ...resultColumn(column), name: column.orgName || column.name };
    writeColumn(
      out,
      column.type.text && isViewOfSys(source) ? { ...described, decimals: NOT_SPECIFIED } : described,
      told,
    );
    const fallback = fieldDefault(c, source, column);
    if (fallback === null) out.uint(0xfb, 1);
    else out.lenencText(fallback);
    c.reply.end();
  }
  c.reply.endOfRows(c.session.status(), 0);
}

/** The first of an ENUM's values, which is its default where it may not be NULL. */
function firstMember(columnType: string): string {
  const end = columnType.search(/[^']'(?:,|\)$)/);
  return end < 0 ? '' : columnType.slice("enum('".length, end + 1).replaceAll("''", "'");
}

/** Columns of views come as expressions, whose text has no decimals to tell. */
const isViewOfSys = ({ schema, name }: TableSource) => schema === 'sys' && name !== 'sys_config';

/** A column's default as COM_FIELD_LIST tells it: its own, or what its type begins as where it may not be NULL. */
function fieldDefault(c: CommandContext, source: TableSource, column: ScopeColumn): string | null {
  const { schema, name: table } = source;
  const own = c.session.overlay.databases.get(schema)?.tables.get(table);
  const facts = own ? overlayColumnFacts(own) : (systemTable(schema, table)?.columns ?? []);
  const found = facts.find((fact) => fact.name === column.name);
  const view = isViewOfSys(source);
  if (!view && schema !== 'information_schema' && found?.fallback != null)
    return found.fallback.startsWith('CURRENT_TIMESTAMP') ? null : found.fallback;
  if (column.type.nullable && !view) return null;
  if (found?.columnType.startsWith('enum(')) return firstMember(found?.columnType ?? '');
  return isInteger(column.type) || isDouble(column.type) || isDecimal(column.type) ? '0' : '';
}
