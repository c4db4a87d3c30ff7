// Views of schema `sys`: their rows are those of the query each is defined by, run over the server's own tables.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sys-schema-views.html
import { definitionOf } from '../persona/contents.ts';
import type { Query } from '../sql/ast/query.ts';
import { sqlError } from '../sql/errors.ts';
import type { Execution } from '../sql/execution.ts';
import { parseStatement } from '../sql/parse/statement.ts';
import { compileQuery, compilerOf } from '../sql/select.ts';
import type { Value } from '../sql/value/value.ts';

const PLAIN = { ansiQuotes: false, pipesAsConcat: false } as const;
/** What stands between a view's name, or the list of its columns, and its query. */
const QUERY = /^[^(]*?(?:\([^)]*\) )?AS (?=select|with)/i;

/** The query of `CREATE … VIEW … AS`, as the server prints one. */
function queryOf(text: string, version: number): Query {
  const lexing = { ansiQuotes: false, noBackslashEscapes: false, version };
  const query = Buffer.from(text.replace(QUERY, '')).toString('latin1');
  const { statement } = parseStatement(query, lexing, PLAIN, false);
  if (statement.kind !== 'query') throw sqlError('ER_UNKNOWN_ERROR');
  return statement.query;
}

/** Rows of `sys.name` now; undefined where its definition is not known. The statement under way pays for them. */
export function systemViewRows(x: Execution, name: string): readonly (readonly Value[])[] | undefined {
  const definition = definitionOf('sys', name);
  if (typeof definition !== 'object') return undefined;
  const { session } = x;
  const { database } = session;
  const flags = x.statusFlags;
  const mode = session.variables.get('sql_mode');
  session.database = 'sys';
  session.variables.set('sql_mode', '');
  session.asDefiner++;
  try {
    const query = queryOf(definition[0].slice(definition[0].indexOf(' VIEW ')), session.server.options.persona.number);
    return [...compileQuery(compilerOf(x), query, undefined).rows(undefined)];
  } finally {
    session.asDefiner--;
    x.statusFlags = flags;
    session.database = database;
    if (mode === undefined) session.variables.delete('sql_mode');
    else session.variables.set('sql_mode', mode);
  }
}

/** True of a view that is one row always: a sum over a whole table, or the first row of one. */
export function isOneRowView(name: string): boolean {
  const definition = definitionOf('sys', name);
  if (typeof definition !== 'object') return false;
  const [text] = definition;
  return text.endsWith(' limit 1') || (text.includes('sum(') && !/ (?:group by|join) /.test(text));
}
