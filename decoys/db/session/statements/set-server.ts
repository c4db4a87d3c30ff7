// What SET takes of variables that are about the server as a whole: GTIDs, how accounts are authenticated, InnoDB's monitors, caches.
// Source: https://dev.mysql.com/doc/refman/9.7/en/replication-options-gtids.html, server-system-variables.html; errors as answered
// by a live 9.7.4.
import { tls } from '../../on-demand.ts';
import { systemRows } from '../../persona/system-tables.ts';
import type { VariableFacts } from '../../persona/system-variables.ts';
import { type SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { matchesLike } from '../../sql/like.ts';
import { toText, type Value } from '../../sql/value/value.ts';
import { missingLibrary } from './plugin.ts';

type Wrong = (shown?: string) => SqlError;
type Convert = (x: Execution, facts: VariableFacts, value: Value, wrong: Wrong) => Value;

const GTID_MODES = ['OFF', 'OFF_PERMISSIVE', 'ON_PERMISSIVE', 'ON'];

/** One of some words, or its number. */
function chosen(words: readonly string[], value: Value, facts: VariableFacts, wrong: Wrong): number {
  if (value !== null && typeof value !== 'bigint' && typeof value !== 'string')
    throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  const at = typeof value === 'bigint' ? Number(value) : words.indexOf((value ?? '').toUpperCase());
  if (words[at] === undefined) throw wrong();
  return at;
}

/** Throws 1788 for more than one step. */
const gtidMode: Convert = (x, facts, value, wrong) => {
  const at = chosen(GTID_MODES, value, facts, wrong);
  const now = GTID_MODES.indexOf(x.session.text('gtid_mode'));
  if (Math.abs(at - now) > 1) throw sqlError('ER_GTID_MODE_CAN_ONLY_CHANGE_ONE_STEP_AT_A_TIME');
  return GTID_MODES[at] as string;
};

const gtidConsistency: Convert = (x, facts, value, wrong) => {
  const words = ['OFF', 'ON', 'WARN'];
  const at = chosen(words, value, facts, wrong);
  if (at !== 1 && x.session.text('gtid_mode') === 'ON')
    throw sqlError('ER_GTID_MODE_ON_REQUIRES_ENFORCE_GTID_CONSISTENCY_ON');
  return words[at] as string;
};

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const INTERVAL = /^\d{1,19}(?:-\d{1,19})?$/;
const TAG = /^[a-z_][a-z0-9_]{0,31}$/i;

/** `uuid:interval[:interval…]`, with tags between. */
function isGtidSet(text: string): boolean {
  return text.split(',').every((part) => {
    const [uuid = '', ...rest] = part.trim().split(':');
    if (part.trim() === '') return true;
    return UUID.test(uuid) && rest.length > 0 && rest.every((each) => INTERVAL.test(each) || TAG.test(each));
  });
}

const gtidPurged: Convert = (_x, facts, value, wrong) => {
  if (value === null) throw wrong();
  if (typeof value !== 'string') throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  const text = value.replace(/^\+/, '');
  if (!isGtidSet(text)) throw wrong();
  return text;
};

const gtidNext: Convert = (x, facts, value, wrong) => {
  if (value === null) throw wrong();
  if (typeof value !== 'string') throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  const word = value.trim().toUpperCase();
  if (word === 'ANONYMOUS' && x.session.text('gtid_mode') === 'ON')
    throw sqlError('ER_CANT_SET_GTID_NEXT_TO_ANONYMOUS_WHEN_GTID_MODE_IS_ON');
  if (word === 'AUTOMATIC' || word === 'ANONYMOUS') return word;
  const [uuid = '', ...rest] = value.trim().split(':');
  const [kind, tag] = [uuid.toUpperCase(), rest[0] ?? ''];
  const automatic = kind === 'AUTOMATIC' && rest.length === 1 && TAG.test(tag);
  const one = UUID.test(uuid) && rest.length > 0 && /^\d{1,19}$/.test(rest.at(-1) ?? '');
  if (!automatic && !one) throw sqlError('ER_MALFORMED_GTID_SPECIFICATION', value);
  return value;
};

/** Up to three factors by their plugins; `*` leaves the choice, and names of plugins have to be loaded. */
const authenticationPolicy: Convert = (_x, facts, value, wrong) => {
  if (value === null) throw wrong();
  if (typeof value !== 'string') throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  const loaded = new Set(
    systemRows('information_schema.PLUGINS')
      .filter(([, , , type]) => type === 'AUTHENTICATION')
      .map(([name]) => name),
  );
  const factors = value.split(',').map((factor) => factor.trim());
  const known = (factor: string) => factor === '*' || loaded.has(factor.replace(/^\*:/, ''));
  const [first = '', ...others] = factors;
  if (factors.length > 3 || !known(first) || others.some((factor) => factor !== '' && !known(factor))) throw wrong();
  return value;
};

/** A counter, a module of counters, a pattern of either, or all of them. */
const monitor: Convert = (x, facts, value, wrong) => {
  if (value !== null && typeof value !== 'string') throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  const name = (toText(value) ?? '').toLowerCase();
  const counters = systemRows('information_schema.INNODB_METRICS').map((row) => row[0] ?? '');
  const found =
    name === 'all' ||
    /^module_[a-z_]+$/.test(name) ||
    counters.some((counter) =>
      name.includes('%') ? matchesLike(counter, name, '\\', 'utf8mb4_0900_ai_ci', x.spend.bind(x)) : counter === name,
    );
  if (!found) throw wrong();
  return value;
};

const ROUNDS = { least: 5_000n, most: 4_095_000n };

/** Rounds of hashing a password: out of range they are refused, not cut. */
const digestRounds: Convert = (_x, facts, value, wrong) => {
  if (typeof value !== 'bigint') throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  if (value < ROUNDS.least || value > ROUNDS.most) throw wrong();
  return value;
};

const TLS_VERSIONS: ReadonlySet<string> = new Set(['', 'tlsv1.2', 'tlsv1.3']);
const CIPHERS = /^[A-Za-z0-9!_:+-]*$/;

/** Words of a list, each one there is. */
function listed(separator: RegExp, isKnown: (word: string) => boolean): Convert {
  return (_x, facts, value, wrong) => {
    if (value === null) return null;
    if (typeof value !== 'string') throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
    if (!value.split(separator).every((word) => isKnown(word.trim()))) throw wrong();
    return value;
  };
}

const tlsVersions = listed(/,/, (word) => TLS_VERSIONS.has(word.toLowerCase()));
let knownCiphers: ReadonlySet<string> | undefined;

function isCipher(word: string): boolean {
  knownCiphers ??= new Set(tls().getCiphers());
  return word === '' || (CIPHERS.test(word) && knownCiphers.has(word.toLowerCase()) && /GCM|CHACHA/.test(word));
}

const ciphers = listed(/:/, isCipher);
const suites = listed(/:/, (word) => word === '' || /^TLS_(AES|CHACHA20)_[A-Z0-9_]+_SHA(256|384)$/.test(word));
const compressions = listed(/,/, (word) => ['zlib', 'zstd', 'uncompressed'].includes(word.toLowerCase()));

/** Operators of a full-text search in their places: each once, and none a letter or a digit. */
const fullTextOperators: Convert = (_x, facts, value, wrong) => {
  if (typeof value !== 'string') throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  const [first, second] = value;
  const placed = value.length === 14 && (first === ' ' || second === ' ') && value[10] !== undefined;
  const distinct = new Set([...value]).size >= 13;
  if (!placed || !distinct || /[^\x20-\x7e]|[A-Za-z0-9]/.test(value)) throw wrong();
  return value;
};

/** Parts of error logging the server has; others it looks for in its directory of plugins. */
const LOG_PARTS = [
  'log_filter_internal',
  'log_sink_internal',
  'log_filter_dragnet',
  'log_sink_json',
  'log_sink_syseventlog',
];

/** Filters and sinks in their order; a filter with no sink after it is none. */
const errorLogging: Convert = (x, facts, value, wrong) => {
  if (typeof value !== 'string') throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  const parts = value.split(/[;,]/).map((part) => part.trim());
  const unknown = parts.find((part) => part !== '' && !LOG_PARTS.includes(part));
  if (unknown !== undefined) throw missingLibrary(x.session, `component_${unknown}.so`, 2);
  if (parts.every((part) => part === ''))
    x.session.addWarning('Warning', 3702, 'Setting an empty log_error_services pipeline disables error logging!');
  else if (!(parts.findLast((part) => part !== '') ?? '').includes('sink')) {
    const told =
      'Value for log_error_services got confusing at or around "". Syntax may be wrong, component may not be INSTALLed, or a component that does not support instances may be listed more than once.';
    x.session.addWarning('Warning', 3701, told);
    throw wrong();
  }
  return value;
};

/** Variables of the server as a whole, each with what it takes. */
export const SERVER_VARIABLES: Readonly<Record<string, Convert>> = {
  gtid_mode: gtidMode,
  enforce_gtid_consistency: gtidConsistency,
  gtid_purged: gtidPurged,
  gtid_next: gtidNext,
  authentication_policy: authenticationPolicy,
  caching_sha2_password_digest_rounds: digestRounds,
  sha256_password_digest_rounds: digestRounds,
  tls_version: tlsVersions,
  admin_tls_version: tlsVersions,
  ssl_cipher: ciphers,
  admin_ssl_cipher: ciphers,
  tls_ciphersuites: suites,
  admin_tls_ciphersuites: suites,
  protocol_compression_algorithms: compressions,
  ft_boolean_syntax: fullTextOperators,
  log_error_services: errorLogging,
  innodb_monitor_enable: monitor,
  innodb_monitor_disable: monitor,
  innodb_monitor_reset: monitor,
  innodb_monitor_reset_all: monitor,
};
