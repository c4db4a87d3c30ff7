// The SQL modes: their words and bits, those that stand for several, and what SET makes of a value.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-mode.html
import type { VariableFacts } from '../../persona/system-variables.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { toText, type Value } from '../../sql/value/value.ts';

/** Modes by their bits; `-` for bits that stand for none any more. */
const MODES =
  'REAL_AS_FLOAT PIPES_AS_CONCAT ANSI_QUOTES IGNORE_SPACE - ONLY_FULL_GROUP_BY NO_UNSIGNED_SUBTRACTION NO_DIR_IN_CREATE - - - - - - - - - - ANSI NO_AUTO_VALUE_ON_ZERO NO_BACKSLASH_ESCAPES STRICT_TRANS_TABLES STRICT_ALL_TABLES NO_ZERO_IN_DATE NO_ZERO_DATE ALLOW_INVALID_DATES ERROR_FOR_DIVISION_BY_ZERO TRADITIONAL - HIGH_NOT_PRECEDENCE NO_ENGINE_SUBSTITUTION PAD_CHAR_TO_FULL_LENGTH TIME_TRUNCATE_FRACTIONAL'.split(
    ' ',
  );
const ALL_MODES = (1n << BigInt(MODES.length)) - 1n;
const COMPOUND: Readonly<Record<string, string>> = {
  __proto__: null as never,
  ANSI: 'REAL_AS_FLOAT,PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ONLY_FULL_GROUP_BY,ANSI',
  TRADITIONAL:
    'STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,TRADITIONAL,NO_ENGINE_SUBSTITUTION',
};
const STRICT_PARTS = ['NO_ZERO_IN_DATE', 'NO_ZERO_DATE', 'ERROR_FOR_DIVISION_BY_ZERO'];

function namedModes(value: bigint): string[] {
  const unsupported = MODES.findIndex((mode, bit) => mode === '-' && (value >> BigInt(bit)) & 1n);
  if (unsupported >= 0)
    throw new SqlError(
      3899,
      'HY000',
      `sql_mode=0x${(1n << BigInt(unsupported)).toString(16).padStart(8, '0')} is not supported.`,
    );
  return MODES.filter((_, bit) => (value >> BigInt(bit)) & 1n);
}

function wordedModes(text: string): string[] {
  const asked = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const unknown = asked.find((part) => part === '-' || !MODES.includes(part.toUpperCase()));
  if (unknown !== undefined) throw sqlError('ER_WRONG_VALUE_FOR_VAR', 'sql_mode', unknown);
  return asked.map((part) => part.toUpperCase());
}

/** The modes in the server's order. Throws 1231, 1232 or 3899; warns where strictness is asked for in part. */
export function convertModes(x: Execution, facts: VariableFacts, value: Value, wrong: () => SqlError): Value {
  if (value === null || (typeof value === 'bigint' && (value < 0n || value > ALL_MODES))) throw wrong();
  if (typeof value !== 'bigint' && typeof value !== 'string' && !Buffer.isBuffer(value))
    throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  const named = typeof value === 'bigint' ? namedModes(value) : wordedModes(toText(value) as string);
  const asked = new Set(named.flatMap((mode) => (COMPOUND[mode] ?? mode).split(',')));
  const strict = asked.has('STRICT_TRANS_TABLES') || asked.has('STRICT_ALL_TABLES');
  const parts = STRICT_PARTS.filter((mode) => asked.has(mode)).length;
  if ((strict || parts > 0) && !(strict && parts === STRICT_PARTS.length)) {
    x.session.addWarning(
      'Warning',
      3135,
      "'NO_ZERO_DATE', 'NO_ZERO_IN_DATE' and 'ERROR_FOR_DIVISION_BY_ZERO' sql modes should be used with strict mode. They will be merged with strict mode in a future release.",
    );
  }
  if (asked.has('PAD_CHAR_TO_FULL_LENGTH'))
    x.session.addWarning(
      'Warning',
      3090,
      "Changing sql mode 'PAD_CHAR_TO_FULL_LENGTH' is deprecated. It will be removed in a future release.",
    );
  return MODES.filter((mode) => asked.has(mode)).join(',');
}
