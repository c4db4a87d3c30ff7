// SET of the session_track_ variables: which changes of the session its client is told.
// Source: https://dev.mysql.com/doc/refman/9.7/en/server-system-variables.html#sysvar_session_track_system_variables
import { sqlError } from '../../sql/errors.ts';
import { toText, type Value } from '../../sql/value/value.ts';
import type { Session } from '../session.ts';
import type { TrackingLevel } from '../transaction-tracking.ts';
import { findVariable } from '../variables.ts';

const NAMES = 'session_track_system_variables';

function namesIn(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The value as the variable keeps it; a name of nothing is warned of, one named twice refused. */
export function trackedNames(session: Session, value: Value): Value {
  if (value === null) return null;
  if (typeof value !== 'string') throw sqlError('ER_WRONG_TYPE_FOR_VAR', NAMES);
  const seen = new Set<string>();
  for (const name of namesIn(value)) {
    if (value.trim() === '*') break;
    if (!findVariable(name))
      session.addWarning('Warning', 1231, `${name} is not a valid system variable and will be ignored.`);
    else if (seen.has(name.toLowerCase())) throw sqlError('ER_DUP_LIST_ENTRY', name);
    seen.add(name.toLowerCase());
  }
  return value;
}

const SETTERS: Readonly<Record<string, (session: Session, value: Value) => void>> = {
  __proto__: null as never,
  [NAMES]: ({ tracker }, value) => tracker.name(namesIn(toText(value) ?? '').map((name) => name.toLowerCase())),
  session_track_schema: ({ tracker }, value) => tracker.tellSchema(value === 1n),
  session_track_state_change: ({ tracker }, value) => tracker.tellAnything(value === 1n),
  session_track_transaction_info: ({ tracker }, value) => tracker.transaction.setLevel(value as TrackingLevel),
};

/** Has the session tell what a variable that was just set asks for. */
export function setTracking(session: Session, name: string, value: Value): void {
  SETTERS[name]?.(session, value);
}
