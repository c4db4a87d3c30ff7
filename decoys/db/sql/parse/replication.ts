// Replication: sources, filters, threads, groups, and the binary logs.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-replication-statements.html
import type { Statement } from '../ast/statement.ts';
import { parseAccount } from './account.ts';
import { administration } from './clause.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseTableName } from './names.ts';

type Take = (c: Cursor) => string;

const text: Take = (c) => c.string();
const textOrNull: Take = (c) => (c.accept('NULL') ? 'NULL' : c.string());

function number(c: Cursor): string {
  if (c.token.kind !== 'integer') throw c.fail();
  return c.advance().text;
}

/** A period of seconds, with or without a fraction. */
function seconds(c: Cursor): string {
  if (!['integer', 'decimal', 'float'].includes(c.token.kind)) throw c.fail();
  return c.advance().text;
}

function oneOf(...words: readonly string[]): Take {
  return (c) => {
    const word = c.acceptOne(...words);
    if (!word) throw c.fail();
    return word;
  };
}

function accountOrNull(c: Cursor): string {
  if (c.accept('NULL')) return 'NULL';
  const { user, host } = parseAccount(c);
  return `\`${user}\`@\`${host}\``;
}

function serverIds(c: Cursor): string {
  return c.parenthesised(() => (c.is(')') ? '' : c.list(() => number(c)).join(',')));
}

function anonymousGtids(c: Cursor): string {
  return c.acceptOne('OFF', 'LOCAL') ?? c.string();
}

function named(take: Take, names: string): [string, Take][] {
  return names.split(' ').map((name) => [name, take]);
}

/** Options of CHANGE REPLICATION SOURCE TO, and what each takes. */
const SOURCE_OPTIONS: ReadonlyMap<string, Take> = new Map([
  ...named(
    text,
    'SOURCE_BIND SOURCE_HOST SOURCE_USER SOURCE_PASSWORD SOURCE_LOG_FILE RELAY_LOG_FILE SOURCE_SSL_CA SOURCE_SSL_CAPATH SOURCE_SSL_CERT SOURCE_SSL_CRL SOURCE_SSL_CRLPATH SOURCE_SSL_KEY SOURCE_SSL_CIPHER SOURCE_TLS_VERSION SOURCE_PUBLIC_KEY_PATH NETWORK_NAMESPACE SOURCE_COMPRESSION_ALGORITHMS',
  ),
  ...named(
    number,
    'SOURCE_PORT SOURCE_CONNECT_RETRY SOURCE_RETRY_COUNT SOURCE_DELAY SOURCE_LOG_POS RELAY_LOG_POS SOURCE_ZSTD_COMPRESSION_LEVEL SOURCE_AUTO_POSITION SOURCE_SSL SOURCE_SSL_VERIFY_SERVER_CERT GET_SOURCE_PUBLIC_KEY REQUIRE_ROW_FORMAT SOURCE_CONNECTION_AUTO_FAILOVER GTID_ONLY',
  ),
  ...named(seconds, 'SOURCE_HEARTBEAT_PERIOD'),
  ...named(textOrNull, 'SOURCE_TLS_CIPHERSUITES'),
  ...named(accountOrNull, 'PRIVILEGE_CHECKS_USER'),
  ...named(serverIds, 'IGNORE_SERVER_IDS'),
  ...named(oneOf('STREAM', 'ON', 'OFF', 'GENERATE'), 'REQUIRE_TABLE_PRIMARY_KEY_CHECK'),
  ...named(anonymousGtids, 'ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS'),
]);

function table(c: Cursor): string {
  const { schema, name } = parseTableName(c);
  if (schema === '') throw c.fail();
  return `${schema}.${name}`;
}

function pair(c: Cursor): string {
  return c.parenthesised(() => {
    const from = c.name();
    c.expect(',');
    return `(${from},${c.name()})`;
  });
}

/** Filters, and what each lists. */
const FILTERS: ReadonlyMap<string, Take> = new Map([
  ...named((c) => c.name(), 'REPLICATE_DO_DB REPLICATE_IGNORE_DB'),
  ...named(table, 'REPLICATE_DO_TABLE REPLICATE_IGNORE_TABLE'),
  ...named(text, 'REPLICATE_WILD_DO_TABLE REPLICATE_WILD_IGNORE_TABLE'),
  ...named(pair, 'REPLICATE_REWRITE_DB'),
]);

/** Name and value by turns. */
function options(c: Cursor, known: ReadonlyMap<string, Take>, lists: boolean): string[] {
  return c
    .list(() => {
      const name = c.token.upper;
      const take = c.token.kind === 'word' ? known.get(name) : undefined;
      if (!take) throw c.fail();
      c.advance();
      c.expect('=');
      if (!lists) return [name, take(c)];
      return [name, c.parenthesised(() => (c.is(')') ? '' : c.list(() => take(c)).join(',')))];
    })
    .flat();
}

/** FOR CHANNEL 'name'; `*` where none is named. */
function channel(c: Cursor): string {
  if (!c.acceptAll('FOR', 'CHANNEL')) return EVERY_CHANNEL;
  return c.string().toLowerCase();
}

/** Stands for all channels; no channel's name, as it would be one of a character that is none of a name. */
export const EVERY_CHANNEL = '*';

export function parseChange(c: Cursor): Statement {
  if (c.acceptAll('REPLICATION', 'SOURCE')) {
    c.expect('TO');
    const names = options(c, SOURCE_OPTIONS, false);
    return administration('change-source', { names, text: channel(c) });
  }
  if (!c.acceptAll('REPLICATION', 'FILTER')) {
    c.accept('REPLICATION');
    throw c.fail();
  }
  const names = options(c, FILTERS, true);
  return administration('change-filter', { names, text: channel(c) });
}

const UNTIL = 'SOURCE_LOG_FILE SOURCE_LOG_POS RELAY_LOG_FILE RELAY_LOG_POS SQL_BEFORE_GTIDS SQL_AFTER_GTIDS'.split(' ');
const LOGIN = ['USER', 'PASSWORD', 'DEFAULT_AUTH', 'PLUGIN_DIR'];

function threads(c: Cursor): string[] {
  if (!c.isOne('SQL_THREAD', 'IO_THREAD', 'RELAY_THREAD')) return [];
  return c.list(() => oneOf('SQL_THREAD', 'IO_THREAD', 'RELAY_THREAD')(c).replace('RELAY', 'IO'));
}

/** What follows UNTIL, by its words; a file without a position is told apart where it runs. */
function until(c: Cursor): string[] {
  if (!c.accept('UNTIL')) return [];
  if (c.accept('SQL_AFTER_MTS_GAPS')) return ['UNTIL SQL_AFTER_MTS_GAPS'];
  return c.list(() => {
    const word = oneOf(...UNTIL)(c);
    c.expect('=');
    if (word.endsWith('_POS')) number(c);
    else c.string();
    return `UNTIL ${word}`;
  });
}

export function parseStartReplica(c: Cursor): Statement {
  if (c.accept('GROUP_REPLICATION')) return parseGroup(c);
  c.expect('REPLICA');
  const names = [...threads(c), ...until(c)];
  while (c.isOne(...LOGIN)) {
    c.advance();
    c.expect('=');
    c.string();
    names.push('LOGIN');
  }
  return administration('start-replica', { names, text: channel(c) });
}

function parseGroup(c: Cursor): Statement {
  if (c.isOne(...LOGIN))
    c.list(() => {
      oneOf(...LOGIN)(c);
      c.expect('=');
      return c.string();
    });
  return administration('group-replication');
}

export function parseStopReplica(c: Cursor): Statement {
  if (c.accept('GROUP_REPLICATION')) return administration('group-replication');
  c.expect('REPLICA');
  const names = threads(c);
  return administration('stop-replica', { names, text: channel(c) });
}

export function parseResetReplica(c: Cursor): Statement {
  const all = c.accept('ALL');
  return administration(all ? 'reset-replica-all' : 'reset-replica', { text: channel(c) });
}

/** BINARY LOGS AND GTIDS [TO n] */
export function parseResetBinaryLogs(c: Cursor): Statement {
  c.expect('BINARY', 'LOGS', 'AND', 'GTIDS');
  return administration('reset-binary-logs', { text: c.accept('TO') ? number(c) : '1' });
}

/** FLUSH RELAY LOGS [FOR CHANNEL 'name'], after its words; empty for none. */
export function parseFlushedChannel(c: Cursor): string {
  return c.acceptAll('FOR', 'CHANNEL') ? c.string().toLowerCase() : '';
}

export function parsePurge(c: Cursor): Statement {
  c.expect('BINARY', 'LOGS');
  if (c.accept('BEFORE')) return administration('purge-binary-logs-before', { value: parseExpression(c) });
  c.expect('TO');
  return administration('purge-binary-logs', { text: c.string() });
}
