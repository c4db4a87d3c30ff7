// CALL of procedures, and functions inside expressions. Everything a body does costs the fuel of the statement that set it off.
// Source: https://dev.mysql.com/doc/refman/9.7/en/call.html; errors and results as answered by a live 9.7.4.

import { accountKey } from '../../overlay/account.ts';
import { type Routine, routineKey } from '../../overlay/routine.ts';
import type { Expression } from '../../sql/ast/expression.ts';
import type { Flow, RoutineParameter } from '../../sql/ast/routine.ts';
import type { Statement } from '../../sql/ast/statement.ts';
import { compile } from '../../sql/compile.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution, LocalName, RoutineRunner, StoredFunction } from '../../sql/execution.ts';
import { parseStatement } from '../../sql/parse/statement.ts';
import { madeColumn, Scope } from '../../sql/scope.ts';
import { compilerOf } from '../../sql/select.ts';
import { finished, type Steps } from '../../sql/steps.ts';
import type { Value } from '../../sql/value/value.ts';
import { STATUS } from '../../wire/constants.ts';
import type { Outcome, OutParameter } from '../outcome.ts';
import { grammarOf } from '../reading.ts';
import { canonicalSchema } from '../schemas.ts';
import { SYS_FUNCTIONS } from '../sys-functions.ts';
import { sysParameters, sysProcedure } from '../sys-procedures.ts';
import { BodyRun } from './flow.ts';
import { fitted, Locals, localColumn, toldType } from './locals.ts';
import { resultColumn } from './result.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** Work a CALL costs beyond what its statements cost, in evaluation steps. */
const CALL_STEPS = 100;

/** Reads a body again and runs one of its statements. */
export interface BodyRunner {
  readonly parse: (routine: Routine) => Flow;
  readonly run: (statement: Statement) => Steps<Outcome>;
}

/** Routines that call each other. */
const MAX_CALLS = 32;

/** Its statements. Throws 6001 for another language than SQL, 1436 for a body that was too long to keep. */
function bodyOf(x: Execution, routine: Routine, runner: BodyRunner): Flow {
  if (routine.traits.language !== 'SQL') throw sqlError('ER_LANGUAGE_NOT_AVAILABLE');
  if (routine.cut) throw sqlError('ER_STACK_OVERRUN_NEED_MORE', 1_011_712, 1_048_576, 20_000);
  const [user, host] = routine.definer;
  if (routine.traits.security === 'DEFINER' && !x.session.overlay.accounts.has(accountKey(user, host)))
    throw sqlError('ER_NO_SUCH_USER', user, host);
  return runner.parse(routine);
}

function openCalls(x: Execution): number {
  let open = 0;
  for (const count of x.calling.values()) open += count;
  return open;
}

/** Throws 1424 for a function under way already, 1456 for a procedure that is so too often. */
function expectRecursive(x: Execution, { type, name }: Routine, open: number): void {
  if (type === 'FUNCTION') throw sqlError('ER_SP_NO_RECURSION');
  const limit = Number(x.session.readVariable('max_sp_recursion_depth', '').value);
  if (open > limit) throw sqlError('ER_SP_RECURSION_LIMIT', limit, name);
}

/** Runs `work` in the routine's schema, with its parameters as the only names. */
function* inside<T>(
  x: Execution,
  routine: Routine,
  given: readonly Value[],
  work: (locals: Locals) => Steps<T>,
): Steps<T> {
  const { session } = x;
  const key = routineKey(routine.type, routine.schema, routine.name);
  const open = x.calling.get(key) ?? 0;
  if (open > 0) expectRecursive(x, routine, open);
  if (openCalls(x) >= MAX_CALLS) throw sqlError('ER_STACK_OVERRUN_NEED_MORE', 1_011_712, 1_048_576, 20_000);
  x.spend(CALL_STEPS + routine.body.length);
  const [database, names] = [session.database, x.names];
  const locals = new Locals(x, undefined);
  for (const [at, { name, type }] of routine.parameters.entries()) locals.declare(name, type, given[at] ?? null);
  x.calling.set(key, open + 1);
  session.database = routine.schema;
  x.names = locals;
  try {
    const value = yield* work(locals);
    if (database !== routine.schema) session.tracker.schema(database);
    return value;
  } finally {
    session.database = database;
    x.names = names;
    x.calling.set(key, open);
  }
}

/** Runs CALL: the results of its body, then what became of it. Throws 1046, 1318 or 1414. */
export function* runCall(x: Execution, s: Of<'call'>, runner: BodyRunner): Steps<Outcome> {
  const { session } = x;
  const schema = canonicalSchema(s.name.schema || session.database);
  if (schema === '') throw sqlError('ER_NO_DB_ERROR');
  const shown = `${schema}.${s.name.name}`;
  const routine = session.overlay.routines.get(routineKey('PROCEDURE', schema, s.name.name));
  if (!routine) return callOfSys(x, s, schema, runner);
  const { parameters } = routine;
  if (parameters.length !== s.args.length)
    throw sqlError('ER_SP_WRONG_NO_OF_ARGS', 'PROCEDURE', shown, parameters.length, s.args.length);
  const fixed = parameters.findIndex(({ mode }, at) => mode !== 'in' && !takesValue(x, s.args[at] as Expression));
  if (fixed >= 0) throw sqlError('ER_SP_NOT_VAR_ARG', fixed + 1, shown);
  const body = bodyOf(x, routine, runner);
  const given = s.args.map((arg, at) => (parameters[at]?.mode === 'out' ? null : argument(x, arg)));
  const run = new BodyRun(x, runner.run, undefined);
  let error: SqlError | undefined;
  const out = yield* inside(x, routine, given, function* (locals) {
    try {
      yield* run.body(body);
    } catch (thrown) {
      if (run.result.before.length === 0 || !(thrown instanceof SqlError)) throw thrown;
      error = thrown;
    }
    return parameters.map(({ mode, name }) => (mode === 'in' ? undefined : locals.find([name])));
  });
  const { before, affected } = run.result;
  const visited = session.database === schema ? undefined : schema;
  const done = { kind: 'ok', before, affected, procedure: shown, visited } as const;
  if (error) return { ...done, error };
  const told: OutParameter[] = [];
  for (const [at, local] of out.entries()) {
    const arg = s.args[at] as Expression;
    if (local && arg.kind === 'parameter') told.push(outParameter(routine, at, arg.index, local));
    else if (local) giveBack(x, arg, local.get());
  }
  return { ...done, ...(told.length > 0 && { out: told }) };
}

/** Runs the body of an event; rows it selects go nowhere. */
export function* runEventBody(x: Execution, event: Routine, runner: BodyRunner): Steps<void> {
  const body = bodyOf(x, event, runner);
  yield* inside(x, event, [], () => new BodyRun(x, runner.run, undefined).body(body));
}

/** A parameter of the statement that took what the routine's own parameter, its `at`th, was left with. */
function outParameter(routine: Routine, at: number, index: number, { type, get }: LocalName): OutParameter {
  const { name } = routine.parameters[at] as RoutineParameter;
  const column = { ...resultColumn(madeColumn(name, type, name)), schema: routine.schema };
  return { index, column: { ...column, table: routine.name, orgTable: routine.name }, value: get() };
}

/** A procedure of schema `sys`. Throws 1305 for any other that is not there. */
function callOfSys(x: Execution, s: Of<'call'>, schema: string, runner: BodyRunner): Outcome {
  const shown = `${schema}.${s.name.name}`;
  const modes = schema === 'sys' && !x.session.overlay.dropped.has('sys') ? sysParameters(s.name.name) : undefined;
  if (modes && modes.length !== s.args.length)
    throw sqlError('ER_SP_WRONG_NO_OF_ARGS', 'PROCEDURE', shown, modes.length, s.args.length);
  const procedure = modes && sysProcedure(s.name.name);
  if (!modes || !procedure) throw sqlError('ER_SP_DOES_NOT_EXIST', 'PROCEDURE', shown);
  const fixed = modes.findIndex((mode, at) => mode !== 'IN' && !takesValue(x, s.args[at] as Expression));
  if (fixed >= 0) throw sqlError('ER_SP_NOT_VAR_ARG', fixed + 1, shown);
  x.spend(CALL_STEPS);
  const ask = (sql: string) => {
    x.spend(CALL_STEPS / 10);
    return finished(runner.run(parseStatement(sql, ...grammarOf(x.session), false).statement));
  };
  const args = s.args.map((arg, at) => (modes[at] === 'OUT' ? null : argument(x, arg)));
  const { before, out } = procedure({ x, args, ask });
  for (const [at, value] of out ?? []) giveBack(x, s.args[at] as Expression, value);
  if (x.session.database !== 'sys') x.statusFlags |= STATUS.SESSION_STATE_CHANGED;
  return { kind: 'ok', before, procedure: shown, visited: x.session.database === 'sys' ? undefined : 'sys' };
}

function takesValue(x: Execution, e: Expression): boolean {
  return (
    e.kind === 'variable' || e.kind === 'parameter' || (e.kind === 'column' && x.names?.find(e.path) !== undefined)
  );
}

function giveBack(x: Execution, e: Expression, value: Value): void {
  if (e.kind === 'variable') x.session.userVariables.set(e.name, value);
  else if (e.kind === 'column') x.names?.find(e.path)?.set(value);
}

function argument(x: Execution, e: Expression): Value {
  return compile(compilerOf(x), e, new Scope([], undefined)).get({ values: [] });
}

/** Functions of `sys` that native ones are named as: a session is told when it first reads one. */
const NAMED_AS_NATIVE: ReadonlySet<string> = new Set(['format_bytes', 'ps_thread_id']);

/** A function of schema `sys`; undefined where there is none, or the source dropped them all. */
function systemFunction(x: Execution, name: string, count: number): StoredFunction | undefined {
  const found = SYS_FUNCTIONS[name.toLowerCase()];
  if (!found || x.session.overlay.dropped.has('sys')) return undefined;
  if (found.parameters !== count)
    throw sqlError('ER_SP_WRONG_NO_OF_ARGS', 'FUNCTION', `sys.${name}`, found.parameters, count);
  if (NAMED_AS_NATIVE.has(name.toLowerCase()) && !x.session.notedFunctions.has(name.toLowerCase())) {
    x.session.notedFunctions.add(name.toLowerCase());
    x.note('ER_NATIVE_FCT_NAME_COLLISION', name.toLowerCase());
  }
  return {
    type: toldType(localColumn(x, name, found.returns)),
    call: (args) => {
      x.spend(CALL_STEPS / 10);
      // The server goes to the function's schema and back, and says so.
      if (x.session.database !== 'sys') x.statusFlags |= STATUS.SESSION_STATE_CHANGED;
      return found.call(x, args);
    },
  };
}

/** Runs the source's own functions, and those of schema `sys`, inside expressions. */
export function routineRunner(x: Execution, runner: BodyRunner): RoutineRunner {
  return {
    functionNamed: (schemaName, name, count) => {
      const schema = canonicalSchema(schemaName || x.session.database);
      const shown = `${schema}.${name}`;
      const routine = x.session.overlay.routines.get(routineKey('FUNCTION', schema, name));
      if (!routine?.returns) return schema.toLowerCase() === 'sys' ? systemFunction(x, name, count) : undefined;
      if (routine.parameters.length !== count)
        throw sqlError('ER_SP_WRONG_NO_OF_ARGS', 'FUNCTION', shown, routine.parameters.length, count);
      const column = localColumn(x, name, routine.returns);
      const body = bodyOf(x, routine, runner);
      return {
        type: toldType(column),
        call: (args) => {
          if (x.session.database !== schema) x.statusFlags |= STATUS.SESSION_STATE_CHANGED;
          return x.session.atZone(fitted(x, column, callFunction(x, routine, body, args, runner)));
        },
      };
    },
  };
}

function callFunction(x: Execution, routine: Routine, body: Flow, args: readonly Value[], runner: BodyRunner): Value {
  const run = new BodyRun(x, runner.run, 'function');
  finished(inside(x, routine, args, () => run.body(body)));
  if (run.result.returned === undefined) throw sqlError('ER_SP_NORETURNEND', routine.name);
  return run.result.returned;
}
