// Procedures, functions, triggers and events on the source's overlay, and CALL of those whose body is plain statements.
// A body with variables, branches, loops or parameters is kept and shown, never run: a CALL of it runs out of stack.
// Source: https://dev.mysql.com/doc/refman/9.7/en/call.html; errors and results as answered by a live 9.7.4.
import { MAX_ROUTINES } from '../../overlay/overlay.ts';
import type { Statement } from '../../sql/ast.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { schemaChange } from '../../wire/session-track.ts';
import { OK, type Outcome, type RowsOutcome } from '../outcome.ts';
import { canonicalSchema, schemaExists } from '../schemas.ts';
import { materialize } from './materialize.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** Characters of a routine kept; a longer one is shown cut and not run. */
const TEXT_CHARACTERS = 4_096;
/** Work a CALL costs beyond what its statements cost, in evaluation steps. */
const CALL_STEPS = 100;

/** A copy, so that a short text does not keep the statement it was cut from. */
function kept(text: string): string {
  return Buffer.from(text.slice(0, TEXT_CHARACTERS), 'utf16le').toString('utf16le');
}

export function createRoutine(x: Execution, s: Of<'create-routine'>): Outcome {
  const { session } = x;
  const schema = canonicalSchema(s.name.schema || session.database);
  if (schema === '') throw sqlError('ER_NO_DB_ERROR');
  if (!schemaExists(session, schema)) throw sqlError('ER_BAD_DB_ERROR', schema);
  if (s.table) materialize(x, { schema: s.table.schema || schema, name: s.table.name });
  const key = `${s.type}:${schema}.${s.name.name}`;
  const { routines } = session.overlay;
  if (routines.has(key)) {
    if (!s.ifNotExists)
      throw s.type === 'EVENT'
        ? sqlError('ER_EVENT_ALREADY_EXISTS', s.name.name)
        : sqlError('ER_SP_ALREADY_EXISTS', s.type, s.name.name);
    x.note('ER_SP_ALREADY_EXISTS', s.type, s.name.name);
    return OK;
  }
  if (!s.safe) throw sqlError('ER_BINLOG_UNSAFE_ROUTINE');
  if (routines.size >= MAX_ROUTINES) throw sqlError('ER_RECORD_FILE_FULL', s.name.name);
  const text = kept(s.text);
  const body = s.body !== undefined && s.body.length <= TEXT_CHARACTERS ? kept(s.body) : undefined;
  session.server.overlays.claim(session.overlay, s.name.name, text.length + (body?.length ?? 0), 0);
  const { name } = s.name;
  routines.set(key, { schema, name, type: s.type, text, body, parameters: s.parameters, createdMs: x.startedMs });
  return OK;
}

export function dropRoutine(x: Execution, s: Of<'drop-routine'>): Outcome {
  const { session } = x;
  const schema = canonicalSchema(s.name.schema || session.database);
  if (schema === '' && s.type !== 'FUNCTION') throw sqlError('ER_NO_DB_ERROR');
  if (schema === '') {
    if (!s.ifExists) throw sqlError('ER_NO_DB_ERROR');
    x.note('ER_SP_DOES_NOT_EXIST', 'FUNCTION (UDF)', s.name.name);
    return OK;
  }
  if (session.overlay.routines.delete(`${s.type}:${schema}.${s.name.name}`)) return OK;
  const missing = () =>
    s.type === 'EVENT'
      ? (['ER_EVENT_DOES_NOT_EXIST', s.name.name] as const)
      : s.type === 'TRIGGER'
        ? (['ER_TRG_DOES_NOT_EXIST'] as const)
        : (['ER_SP_DOES_NOT_EXIST', s.type, `${schema}.${s.name.name}`] as const);
  const [name, ...args] = missing();
  if (!s.ifExists) throw sqlError(name, ...args);
  x.note(name, ...args);
  return OK;
}

/** ALTER PROCEDURE and FUNCTION change only what is told of a routine. */
export function alterRoutine(x: Execution, type: 'FUNCTION' | 'PROCEDURE', name: Of<'call'>['name']): Outcome {
  const schema = canonicalSchema(name.schema || x.session.database);
  if (schema === '') throw sqlError('ER_NO_DB_ERROR');
  if (!x.session.overlay.routines.has(`${type}:${schema}.${name.name}`))
    throw sqlError('ER_SP_DOES_NOT_EXIST', type, `${schema}.${name.name}`);
  return OK;
}

/** Reads a body again and runs one of its statements. */
export interface BodyRunner {
  readonly parse: (body: string) => readonly Statement[];
  readonly run: (statement: Statement) => Outcome;
}

export function runCall(x: Execution, s: Of<'call'>, runner: BodyRunner): Outcome {
  const { session } = x;
  const schema = canonicalSchema(s.name.schema || session.database);
  if (schema === '') throw sqlError('ER_NO_DB_ERROR');
  const shown = `${schema}.${s.name.name}`;
  const routine = session.overlay.routines.get(`PROCEDURE:${shown}`);
  if (!routine) throw sqlError('ER_SP_DOES_NOT_EXIST', 'PROCEDURE', shown);
  const { parameters, body } = routine;
  if (parameters.length !== s.args.length)
    throw sqlError('ER_SP_WRONG_NO_OF_ARGS', 'PROCEDURE', shown, parameters.length, s.args.length);
  const fixed = parameters.findIndex((mode, at) => mode !== 'in' && s.args[at]?.kind !== 'variable');
  if (fixed >= 0) throw sqlError('ER_SP_NOT_VAR_ARG', fixed + 1, shown);
  if (body === undefined || parameters.length > 0)
    throw sqlError('ER_STACK_OVERRUN_NEED_MORE', 1_011_712, 1_048_576, 20_000);
  if (x.calling.has(shown)) throw sqlError('ER_SP_RECURSION_LIMIT', 0, s.name.name);
  x.spend(CALL_STEPS + body.length);
  const database = session.database;
  x.calling.add(shown);
  session.database = schema;
  try {
    const outcome = runBody(runner, body);
    return database === schema ? outcome : { ...outcome, changes: [schemaChange(database)] };
  } finally {
    session.database = database;
    x.calling.delete(shown);
  }
}

/** Results of the body's queries, then the OK of the whole; an error ends it where it happens. */
function runBody(runner: BodyRunner, body: string): Extract<Outcome, { kind: 'ok' }> {
  const before: RowsOutcome[] = [];
  let affected: bigint | undefined;
  for (const statement of runner.parse(body)) {
    try {
      const outcome = runner.run(statement);
      affected = outcome.kind === 'ok' ? outcome.affected : undefined;
      if (outcome.kind === 'rows') before.push(outcome);
      else before.push(...(outcome.before ?? []));
      if (outcome.error) return { kind: 'ok', before, error: outcome.error };
    } catch (error) {
      if (before.length === 0 || !(error instanceof SqlError)) throw error;
      return { kind: 'ok', before, error };
    }
  }
  return { kind: 'ok', before, affected };
}
