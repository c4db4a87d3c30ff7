// SIGNAL, RESIGNAL and GET DIAGNOSTICS: conditions a client raises itself, and what it reads of those before.
// Source: https://dev.mysql.com/doc/refman/9.7/en/signal.html, get-diagnostics.html; as answered by a live 9.7.4.
import type { DiagnosticItem, SignalItem } from '../../sql/ast/routine.ts';
import type { Statement } from '../../sql/ast/statement.ts';
import { compile } from '../../sql/compile.ts';
import { SqlError, sqlError, sqlstateOf } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { Scope } from '../../sql/scope.ts';
import { compilerOf } from '../../sql/select.ts';
import { toInteger, toText, type Value } from '../../sql/value/value.ts';
import { OK, type Outcome } from '../outcome.ts';
import type { Warning } from '../session.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

const MESSAGE_CHARACTERS = 128;

/** Code and text of a class of states where SIGNAL sets none. */
const CLASSES: Readonly<Record<string, readonly [number, string]>> = {
  '01': [1642, 'Unhandled user-defined warning condition'],
  '02': [1643, 'Unhandled user-defined not found condition'],
};
const EXCEPTION = [1644, 'Unhandled user-defined exception condition'] as const;

function itemValue(x: Execution, items: readonly SignalItem[], name: string): Value | undefined {
  const found = items.find((item) => item.name === name);
  return found && compile(compilerOf(x), found.value, new Scope([], undefined)).get({ values: [] });
}

/** The condition a SIGNAL of `state` raises; a warning is left behind, all others are thrown. */
export function raise(x: Execution, state: string, items: readonly SignalItem[]): Outcome {
  const [code, text] = CLASSES[state.slice(0, 2)] ?? EXCEPTION;
  const given = itemValue(x, items, 'MESSAGE_TEXT');
  const number = itemValue(x, items, 'MYSQL_ERRNO');
  const message = given === undefined || given === null ? text : (toText(given) as string);
  const errno = number === undefined || number === null ? code : Number(toInteger(number));
  if (errno < 1 || errno > 65_535) throw sqlError('ER_WRONG_VALUE_FOR_VAR', 'MYSQL_ERRNO', String(errno));
  const cut = message.slice(0, MESSAGE_CHARACTERS);
  if (!state.startsWith('01')) throw new SqlError(errno, state, cut);
  x.session.addWarning('Warning', errno, cut);
  return OK;
}

export function runSignal(x: Execution, s: Of<'signal'>): Outcome {
  if (s.condition !== '') throw sqlError('ER_SP_COND_MISMATCH', s.condition);
  return raise(x, s.state, s.items);
}

export function runResignal(): Outcome {
  throw sqlError('ER_RESIGNAL_WITHOUT_ACTIVE_HANDLER');
}

function assign(x: Execution, { target, variable }: DiagnosticItem, value: Value): void {
  if (variable) {
    x.session.userVariables.set(target, value);
    return;
  }
  const local = x.names?.find([target]);
  if (!local) throw sqlError('ER_UNDECLARED_VAR', target);
  local.set(value);
}

type Reader = (warning: Warning) => Value;

const CONDITION_ITEMS: Readonly<Record<string, Reader>> = {
  RETURNED_SQLSTATE: (warning) => sqlstateOf(warning.code),
  MYSQL_ERRNO: (warning) => BigInt(warning.code),
  MESSAGE_TEXT: (warning) => warning.message,
  CLASS_ORIGIN: (warning) => (/^(0[0-4]|[A-H]|2[0-4])/.test(sqlstateOf(warning.code)) ? 'ISO 9075' : 'MySQL'),
  SUBCLASS_ORIGIN: (warning) => (sqlstateOf(warning.code).endsWith('000') ? 'ISO 9075' : 'MySQL'),
};

export function runGetDiagnostics(x: Execution, s: Of<'get-diagnostics'>): Outcome {
  const { session } = x;
  if (!s.condition) {
    const counts: Readonly<Record<string, bigint>> = {
      NUMBER: BigInt(session.warningCount),
      ROW_COUNT: session.rowCount,
    };
    for (const item of s.items) assign(x, item, counts[item.name] ?? null);
    return OK;
  }
  const at = toInteger(compile(compilerOf(x), s.condition, new Scope([], undefined)).get({ values: [] }));
  const condition = at === null ? undefined : session.warnings[Number(at) - 1];
  if (!condition) {
    session.addWarning('Error', 1758, 'Invalid condition number');
    return OK;
  }
  for (const item of s.items) assign(x, item, CONDITION_ITEMS[item.name]?.(condition) ?? '');
  return OK;
}
