// Components a source installed, and what they bring: the system variables of validate_password, and the passwords it refuses.
// Source: https://dev.mysql.com/doc/refman/9.7/en/components.html, validate-password.html; values and bounds as a live 9.7.4 tells them.
import type { Overlay } from '../overlay/overlay.ts';
import type { WireKind } from '../persona/recorded.ts';
import { allVariables, type VariableFacts } from '../persona/system-variables.ts';
import { sqlError } from '../sql/errors.ts';
import { TYPE } from '../wire/constants.ts';
import type { Session } from './session.ts';

/** Component libraries that come with the server and can be loaded as they are. */
export const COMPONENTS: ReadonlySet<string> = new Set(
  'component_audit_api_message_emit component_classic_hashing component_connection_control component_keyring_file component_log_filter_dragnet component_log_sink_json component_log_sink_syseventlog component_mysqlbackup component_query_attributes component_telemetry component_validate_password'.split(
    ' ',
  ),
);

/** Those that are there and refuse: what they build on is not loaded. */
export const REFUSING_COMPONENTS: ReadonlySet<string> = new Set(
  'component_group_replication_elect_prefers_most_updated component_group_replication_flow_control_stats component_group_replication_resource_manager component_reference_cache component_replication_applier_metrics'.split(
    ' ',
  ),
);

const VALIDATE_PASSWORD = 'file://component_validate_password';

const COUNT: WireKind = { type: TYPE.LONGLONG, text: false, length: 21, flags: 128, decimals: 0, schemaShown: false };
const SWITCH: WireKind = { ...COUNT, length: 1 };
const WORDS: WireKind = {
  type: TYPE.VAR_STRING,
  text: true,
  length: 21_845,
  flags: 0,
  decimals: 31,
  schemaShown: false,
};

function facts(name: string, value: string, wire: WireKind, max: string, min = '0'): VariableFacts {
  const dataType = wire === COUNT ? 'Integer' : wire === SWITCH ? 'Boolean' : 'String';
  const scopes = { readGlobal: 0, readSession: 1238, writeGlobal: 0, writeSession: 1238 };
  return {
    name: `validate_password.${name}`,
    value,
    wire,
    dataType,
    min,
    max,
    ...scopes,
    isNull: name === 'dictionary_file',
  };
}

const PASSWORD_VARIABLES: readonly VariableFacts[] = [
  facts('changed_characters_percentage', '0', COUNT, '100'),
  facts('check_user_name', 'ON', SWITCH, ''),
  facts('dictionary_file', '', WORDS, ''),
  facts('length', '8', COUNT, '2147483647'),
  facts('mixed_case_count', '1', COUNT, '2147483647'),
  facts('number_count', '1', COUNT, '2147483647'),
  facts('policy', 'MEDIUM', WORDS, ''),
  facts('special_char_count', '1', COUNT, '2147483647'),
];

/** Variables of the components a source installed, by name. */
export function componentVariables(overlay: Overlay): readonly VariableFacts[] {
  return overlay.components.has(VALIDATE_PASSWORD) ? PASSWORD_VARIABLES : [];
}

/** Every system variable a source's server has, those of its components among the others. */
export function variablesOf(overlay: Overlay): readonly VariableFacts[] {
  const own = [...allVariables().values()];
  const more = componentVariables(overlay);
  if (more.length === 0) return own;
  return [...own, ...more].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Status the components of a source have, by name. */
export function componentStatus(session: Session): (readonly [string, string])[] {
  const installedMs = session.overlay.components.get(VALIDATE_PASSWORD)?.sinceMs;
  if (installedMs === undefined) return [];
  return [
    [
      'validate_password.dictionary_file_last_parsed',
      new Date(installedMs).toISOString().slice(0, 19).replace('T', ' '),
    ],
    ['validate_password.dictionary_file_words_count', '0'],
  ];
}

/** The value of one of its variables; undefined where the component is not there. */
function setting(session: Session, name: string): string | undefined {
  const found = componentVariables(session.overlay).find((each) => each.name === `validate_password.${name}`);
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
