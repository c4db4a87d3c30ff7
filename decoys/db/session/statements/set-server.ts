// What SET takes of variables that are about the server as a whole: GTIDs, how accounts are authenticated, InnoDB's monitors, caches.
// Source: https://dev.mysql.com/doc/refman/9.7/en/replication-options-gtids.html, server-system-variables.html; errors as answered
// by a live 9.7.4.
import { systemRows } from '../../persona/system-tables.ts';
import type { VariableFacts } from '../../persona/system-variables.ts';
import { type SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { matchesLike } from '../../sql/like.ts';
import { toText, type Value } from '../../sql/value/value.ts';

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

/** Variables of the server as a whole, each with what it takes. */
export const SERVER_VARIABLES: Readonly<Record<string, Convert>> = {
  gtid_mode: gtidMode,
  enforce_gtid_consistency: gtidConsistency,
  gtid_purged: gtidPurged,
  gtid_next: gtidNext,
  authentication_policy: authenticationPolicy,
  innodb_monitor_enable: monitor,
  innodb_monitor_disable: monitor,
  innodb_monitor_reset: monitor,
  innodb_monitor_reset_all: monitor,
};
