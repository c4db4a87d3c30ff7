// The passwords validate_password refuses, as its variables say: those of the component, else those of the plugin it was.
// Source: https://dev.mysql.com/doc/refman/9.7/en/validate-password.html; strengths as a live 9.7.4 tells them.
import { sqlError } from '../sql/errors.ts';
import type { Session } from './session.ts';
import { findVariable } from './variables.ts';

/** How its variables are named: of the component, of the plugin. */
const SPELLINGS = ['validate_password.', 'validate_password_'] as const;

/** The value of one of its variables; undefined where neither component nor plugin is there. */
function setting(session: Session, name: string): string | undefined {
  const { overlay } = session;
  const found = SPELLINGS.map((prefix) => findVariable(prefix + name, overlay)).find((facts) => facts !== undefined);
  if (!found) return undefined;
  const kept = session.overlay.globals.get(found.name);
  return kept === undefined ? found.value : String(kept ?? '');
}

function countOf(session: Session, name: string): number {
  return Number(setting(session, name) ?? 0);
}

/** The shortest length the other counts leave possible: SET bends `length` up to it. */
export function keepPasswordLength(session: Session): void {
  if (setting(session, 'length') === undefined) return;
  const least =
    countOf(session, 'number_count') +
    countOf(session, 'special_char_count') +
    2 * countOf(session, 'mixed_case_count');
  if (countOf(session, 'length') < least) session.overlay.globals.set('validate_password.length', BigInt(least));
}

function counted(password: string, pattern: RegExp): number {
  return [...password].filter((character) => pattern.test(character)).length;
}

function mixed(session: Session, password: string): boolean {
  return (
    counted(password, /\p{Ll}/u) >= countOf(session, 'mixed_case_count') &&
    counted(password, /\p{Lu}/u) >= countOf(session, 'mixed_case_count') &&
    counted(password, /\p{Nd}/u) >= countOf(session, 'number_count') &&
    counted(password, /[^\p{L}\p{Nd}]/u) >= countOf(session, 'special_char_count')
  );
}

/** Fewest characters any password is measured from. */
const SHORTEST = 4;

/** How good a password is, 0 to 100, as VALIDATE_PASSWORD_STRENGTH() tells; 0 without the component. */
export function passwordStrength(session: Session, password: string): bigint {
  if (setting(session, 'length') === undefined || [...password].length < SHORTEST) return 0n;
  if (isName(session, session.user, password)) return 0n;
  if ([...password].length < countOf(session, 'length')) return 25n;
  return mixed(session, password) ? 100n : 50n;
}

function isName(session: Session, user: string, password: string): boolean {
  if (setting(session, 'check_user_name') === '0' || user === '') return false;
  return password === user || password === [...user].reverse().join('');
}

/** Throws 1819 for a password the policy in force refuses; without the component any will do. */
export function checkPassword(session: Session, password: string): void {
  const policy = setting(session, 'policy');
  if (policy === undefined) return;
  const long = [...password].length >= countOf(session, 'length');
  if (long && !isName(session, session.user, password) && (policy === 'LOW' || mixed(session, password))) return;
  throw sqlError('ER_NOT_VALID_PASSWORD');
}
