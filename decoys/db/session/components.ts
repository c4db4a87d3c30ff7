// Components a source installed, and what they bring: the system variables and status of validate_password.
// Source: https://dev.mysql.com/doc/refman/9.7/en/components.html, validate-password.html; values and bounds as a live 9.7.4 tells them.
import type { Overlay } from '../overlay/overlay.ts';
import type { WireKind } from '../persona/recorded.ts';
import type { VariableFacts } from '../persona/system-variables.ts';
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

export const COUNT: WireKind = {
  type: TYPE.LONGLONG,
  text: false,
  length: 21,
  flags: 128,
  decimals: 0,
  schemaShown: false,
};
export const SWITCH: WireKind = { ...COUNT, length: 1 };
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
