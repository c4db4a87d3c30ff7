// SIGNAL, RESIGNAL and GET DIAGNOSTICS: conditions a client raises itself, and what it reads of those before.
// Source: https://dev.mysql.com/doc/refman/9.7/en/signal.html, resignal.html, get-diagnostics.html; as answered by a live 9.7.4.
import type { DiagnosticItem, SignalItem } from '../../sql/ast/routine.ts';
import type { Statement } from '../../sql/ast/statement.ts';
import { compile } from '../../sql/compile.ts';
import { SqlError, sqlError, sqlstateOf } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { Scope } from '../../sql/scope.ts';
import { compilerOf } from '../../sql/select.ts';
import { detached } from '../../sql/value/detached.ts';
import { intType, SYSTEM_COLLATION, textType } from '../../sql/value/type.ts';
import { toInteger, toText, type Value } from '../../sql/value/value.ts';
import { OK, type OkOutcome, type Outcome } from '../outcome.ts';
import type { Warning } from '../session.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** Characters of a condition's text, and of its other items. */
const MESSAGE_CHARACTERS = 128;
const ITEM_CHARACTERS = 64;
const MAX_ERRNO = 65_535;

/** Code and text of a class of states where SIGNAL sets none. */
const CLASSES: Readonly<Record<string, readonly [number, string]>> = {
  '01': [1642, 'Unhandled user-defined warning condition'],
  '02': [1643, 'Unhandled user-defined not found condition'],
};
const EXCEPTION = [1644, 'Unhandled user-defined exception condition'] as const;

/** A condition as SIGNAL and RESIGNAL make one. */
interface Raised {
  readonly code: number;
  readonly message: string;
  readonly items: ReadonlyMap<string, string>;
}

/** An item's text, cut with a warning where that is allowed. Throws 1231 for NULL and 1648 for one too long. */
function itemText(x: Execution, name: string, value: Value): string {
  if (value === null) throw sqlError('ER_WRONG_VALUE_FOR_VAR', name, 'NULL');
  const text = toText(value) as string;
  const most = name === 'MESSAGE_TEXT' ? MESSAGE_CHARACTERS : ITEM_CHARACTERS;
  if (text.length <= most) return detached(text);
  if (x.session.strict()) throw sqlError('ER_COND_ITEM_TOO_LONG', name);
  x.warn('ER_COND_ITEM_TOO_LONG', name);
  return detached(text.slice(0, most));
}

function errnoOf(value: Value): number {
  const number = value === null ? 0 : Number(toInteger(value));
  if (!(number >= 1 && number <= MAX_ERRNO))
    throw sqlError('ER_WRONG_VALUE_FOR_VAR', 'MYSQL_ERRNO', toText(value) ?? 'NULL');
  return number;
}

/** The condition with what SET gives of it. */
function withItems(x: Execution, items: readonly SignalItem[], from: Raised): Raised {
  const made = { ...from, items: new Map(from.items) };
  for (const { name, value } of items) {
    const given = compile(compilerOf(x), value, new Scope([], undefined)).get({ values: [] });
    if (name === 'MYSQL_ERRNO') made.code = errnoOf(given);
    else if (name === 'MESSAGE_TEXT') made.message = itemText(x, name, given);
    else made.items.set(name, itemText(x, name, given));
  }
  return made;
}

/** Raises a condition of `state`: a warning is left behind, all others are thrown. */
function raise(x: Execution, sqlstate: string, { code, message, items }: Raised): Outcome {
  if (!sqlstate.startsWith('01')) throw new SqlError(code, sqlstate, message, items);
  x.session.addCondition({ level: 'Warning', code, message, sqlstate, items });
  return OK;
}

function unhandled(state: string): Raised {
  const [code, message] = CLASSES[state.slice(0, 2)] ?? EXCEPTION;
  return { code, message, items: new Map() };
}

/** SIGNAL outside any handler: the condition it raises is the statement's own. Throws 1319. */
export function runSignal(x: Execution, s: Of<'signal'>): Outcome {
  if (s.condition !== '') throw sqlError('ER_SP_COND_MISMATCH', s.condition);
  return raise(x, s.state, withItems(x, s.items, unhandled(s.state)));
}

/** Raises the handled condition again, changed as said; with a state of its own it joins those before. Throws 1645 without one. */
export function runResignal(x: Execution, s: Of<'resignal'>): Outcome {
  if (s.condition !== '') throw sqlError('ER_SP_COND_MISMATCH', s.condition);
  const condition = x.handled?.at(-1);
  if (!condition) throw sqlError('ER_RESIGNAL_WITHOUT_ACTIVE_HANDLER');
  const { session } = x;
  const before = x.handled ?? [];
  session.clearWarnings();
  const kept = s.state === '' ? before.slice(0, -1) : before;
  for (const one of kept) session.addCondition(one);
  const raised = withItems(x, s.items, { ...condition, items: condition.items ?? new Map() });
  const state = s.state || (condition.sqlstate ?? sqlstateOf(condition.code));
  if (condition.level === 'Error' || s.state !== '') return raise(x, state, raised);
  session.addCondition({ ...condition, ...raised });
  return OK;
}

function assign(x: Execution, { name, target, variable }: DiagnosticItem, value: Value): void {
  if (variable) {
    const number = typeof value === 'bigint';
    const type = number
      ? intType(21, { unsigned: name !== 'ROW_COUNT' })
      : textType(0, { collation: SYSTEM_COLLATION });
    x.session.userVariables.set(target, value, type);
    return;
  }
  const local = x.names?.find([target]);
  if (!local) throw sqlError('ER_UNDECLARED_VAR', target);
  local.set(value);
}

type Reader = (warning: Warning) => Value;

function stateOf({ sqlstate, code }: Warning): string {
  return sqlstate ?? sqlstateOf(code);
}

/** Classes of the SQL standard begin with 0 to 4 or A to H; others are the server's own. */
function originOf(warning: Warning): string {
  return /^[0-4A-H]/.test(stateOf(warning)) ? 'ISO 9075' : 'MySQL';
}

const CONDITION_ITEMS: Readonly<Record<string, Reader>> = {
  RETURNED_SQLSTATE: stateOf,
  MYSQL_ERRNO: (warning) => BigInt(warning.code),
  MESSAGE_TEXT: (warning) => warning.message,
  CLASS_ORIGIN: originOf,
  SUBCLASS_ORIGIN: originOf,
};

/** What the invalid number of a condition leaves behind, told in the OK. */
const INVALID: OkOutcome = { kind: 'ok', warnings: 1 };

/** GET DIAGNOSTICS into variables. Throws 3004. */
export function runGetDiagnostics(x: Execution, s: Of<'get-diagnostics'>): Outcome {
  const { session } = x;
  if (s.stacked && !x.handled) throw sqlError('ER_GET_STACKED_DA_WITHOUT_ACTIVE_HANDLER');
  const conditions = s.stacked ? (x.handled ?? []) : session.warnings;
  if (!s.condition) {
    const counts: Readonly<Record<string, bigint>> = {
      NUMBER: BigInt(s.stacked ? conditions.length : session.warningCount),
      ROW_COUNT: session.rowCount,
    };
    for (const item of s.items) assign(x, item, counts[item.name] ?? null);
    return OK;
  }
  const at = toInteger(compile(compilerOf(x), s.condition, new Scope([], undefined)).get({ values: [] }));
  const condition = at === null ? undefined : conditions[Number(at) - 1];
  if (!condition) {
    session.addWarning('Error', 1758, 'Invalid condition number');
    return INVALID;
  }
  for (const item of s.items) {
    const set = condition.items?.get(item.name);
    // Who signals says where a condition comes from, or nothing does.
    const signalled = condition.items !== undefined && item.name.endsWith('_ORIGIN');
    assign(x, item, set ?? (signalled ? '' : CONDITION_ITEMS[item.name]?.(condition)) ?? '');
  }
  return OK;
}
