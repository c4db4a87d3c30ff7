// CREATE, ALTER and DROP of procedures, functions, triggers, events and libraries on the source's overlay.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-procedure.html, create-trigger.html; errors as answered by a live 9.7.4.
import { accountKey } from '../../overlay/account.ts';
import { MAX_ROUTINES } from '../../overlay/overlay.ts';
import { type Routine, routineBytes, routineKey } from '../../overlay/routine.ts';
import type { AccountName } from '../../sql/ast/account.ts';
import type { Flow, RoutineType } from '../../sql/ast/routine.ts';
import type { StatementOf } from '../../sql/ast/statement.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { nativeFunction } from '../../sql/functions/native.ts';
import { detached } from '../../sql/value/detached.ts';
import { OK, type Outcome } from '../outcome.ts';
import { canonicalSchema, databaseCollation, schemaExists } from '../schemas.ts';
import { findVariable } from '../variables.ts';
import { resolveAccount } from './account.ts';
import { alteredEvent, eventOf, isOver } from './event.ts';
import { databaseColumn } from './locals.ts';
import { placed, triggerTable } from './trigger-definition.ts';

type CreateRoutine = StatementOf<'create-routine'>;

/** Bytes of a body kept; a longer one is shown cut and not run. */
const BODY_BYTES = 4_096;
/** Characters of a comment. */
const COMMENT_CHARACTERS = 2_048;

/** A copy, so that a short body does not keep the statement it was cut from. */
function kept(body: string): string {
  return detached(body.slice(0, BODY_BYTES));
}

/** The schema a routine is named in. Throws 1046, 1049 and, for schemas nobody writes, 1044. */
function schemaFor(x: Execution, given: string): string {
  const { session } = x;
  const schema = canonicalSchema(given || session.database);
  if (schema === '') throw sqlError('ER_NO_DB_ERROR');
  if (schema === 'information_schema' || schema === 'performance_schema')
    throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', schema);
  return schema;
}

/** Who a routine runs as; a note says so where there is no such account. */
export function definerOf(x: Execution, given: AccountName | undefined): readonly [string, string] {
  const { user, host } = resolveAccount(x, given ?? { user: '', host: '', current: true });
  if (!x.session.overlay.accounts.has(accountKey(user, host))) x.note('ER_NO_SUCH_USER', user, host);
  return [user, host];
}

/** Throws 1193 where the body sets a system variable there is none of. */
export function expectVariables(names: readonly string[]): void {
  const missing = names.find((name) => !findVariable(name));
  if (missing !== undefined) throw sqlError('ER_UNKNOWN_SYSTEM_VARIABLE', missing);
}

function returnsValue(flow: Flow): boolean {
  switch (flow.kind) {
    case 'return':
      return true;
    case 'block':
      return flow.body.some(returnsValue) || flow.handlers.some((handler) => returnsValue(handler.body));
    case 'if':
      return flow.otherwise.some(returnsValue) || flow.branches.some(([, flows]) => flows.some(returnsValue));
    case 'case':
      return (flow.otherwise ?? []).some(returnsValue) || flow.branches.some(([, flows]) => flows.some(returnsValue));
    case 'loop':
    case 'while':
    case 'repeat':
      return flow.body.some(returnsValue);
    default:
      return false;
  }
}

/** Every variable a body declares, at any depth. */
function localsOf(flow: Flow): Extract<Flow, { kind: 'block' }>['locals'] {
  switch (flow.kind) {
    case 'block':
      return [
        ...flow.locals,
        ...flow.body.flatMap(localsOf),
        ...flow.handlers.flatMap((handler) => localsOf(handler.body)),
      ];
    case 'if':
    case 'case':
      return [...flow.branches.flatMap(([, flows]) => flows), ...(flow.otherwise ?? [])].flatMap(localsOf);
    case 'loop':
    case 'while':
    case 'repeat':
      return flow.body.flatMap(localsOf);
    default:
      return [];
  }
}

/** Throws what a column of such a type is refused for: the server makes one of every parameter, result and variable. */
function expectTypes(s: CreateRoutine, collation: string): void {
  const types = [...s.parameters.map(({ type }) => type), ...(s.returns ? [s.returns] : [])];
  const locals = s.flow ? localsOf(s.flow).map(({ type }) => type) : [];
  for (const type of [...types, ...locals]) databaseColumn('', type, collation);
}

/** Throws 1304, 1359 or 1537 for a name that is taken; with IF NOT EXISTS only notes it. */
function refuseTaken(x: Execution, s: CreateRoutine, known: Routine): Outcome {
  const { name } = s.name;
  if (s.type === 'TRIGGER') {
    if (!s.ifNotExists) throw sqlError('ER_TRG_ALREADY_EXISTS');
    x.note('ER_IF_NOT_EXISTS_TRIGGER', name, known.schema, known.table);
  } else if (s.type === 'EVENT') {
    if (!s.ifNotExists) throw sqlError('ER_EVENT_ALREADY_EXISTS', name);
    x.note('ER_EVENT_ALREADY_EXISTS', name);
  } else {
    if (!s.ifNotExists) throw sqlError('ER_SP_ALREADY_EXISTS', s.type, name);
    x.note('ER_SP_ALREADY_EXISTS', s.type, name);
  }
  return OK;
}

/** Throws 1418 for a function that is not declared fit for the binary log. */
function expectLoggable(x: Execution, { type, traits }: CreateRoutine): void {
  if (type !== 'FUNCTION' || traits.deterministic || traits.access === 'NO SQL' || traits.access === 'READS SQL DATA')
    return;
  if (x.session.readVariable('log_bin_trust_function_creators', '').value !== 1n)
    throw sqlError('ER_BINLOG_UNSAFE_ROUTINE');
}

function expectReturn(s: CreateRoutine, schema: string): void {
  if (s.type === 'FUNCTION' && s.flow && !returnsValue(s.flow))
    throw sqlError('ER_SP_NORETURN', `${schema}.${s.name.name}`);
}

/** CREATE PROCEDURE, FUNCTION, TRIGGER, EVENT and LIBRARY. Throws 1049, 1114 or 1627. */
export function createRoutine(x: Execution, s: CreateRoutine): Outcome {
  const { session } = x;
  const { name } = s.name;
  const schema = schemaFor(x, s.name.schema);
  expectVariables(s.sets);
  expectReturn(s, schema);
  const collation = databaseCollation(session, schema);
  expectTypes(s, collation);
  if (s.type === 'FUNCTION' && s.flow && nativeFunction(name, session.server.options.persona.changes))
    x.note('ER_NATIVE_FCT_NAME_COLLISION', name);
  if (!schemaExists(session, schema)) throw sqlError('ER_BAD_DB_ERROR', schema);
  const event = s.event && eventOf(x, s.event);
  const definer = definerOf(x, s.definer);
  if (s.traits.language !== 'SQL') x.warn('ER_LANGUAGE_NOT_AVAILABLE');
  if (s.table) triggerTable(x, { schema: s.table.schema || schema, name: s.table.name }, schema, s.rowNames);
  const key = routineKey(s.type, schema, name);
  const { routines } = session.overlay;
  const known = routines.get(key);
  if (known) return refuseTaken(x, s, known);
  expectLoggable(x, s);
  if ([...s.traits.comment].length > COMMENT_CHARACTERS)
    throw sqlError('ER_TOO_LONG_ROUTINE_COMMENT', name, COMMENT_CHARACTERS);
  if (event && isOver(x, event, 'ER_EVENT_CANNOT_CREATE_IN_THE_PAST')) return OK;
  if (routines.size >= MAX_ROUTINES) throw sqlError('ER_RECORD_FILE_FULL', name);
  const routine: Routine = {
    schema,
    name: detached(name),
    type: s.type,
    body: kept(s.body),
    cut: s.body.length > BODY_BYTES,
    parameters: s.parameters,
    parametersText: detached(s.parametersText),
    returns: s.returns,
    traits: { ...s.traits, comment: detached(s.event?.comment ?? s.traits.comment) },
    definer,
    under: {
      sqlMode: session.sqlMode(),
      charset: session.clientCharset(),
      connection: session.connectionCollation(),
      database: collation,
    },
    table: s.table?.name ?? '',
    moment: s.moment,
    event,
    createdMs: x.startedMs,
    alteredMs: x.startedMs,
  };
  const before = s.moment && placed(routines, routine, s.place);
  session.server.overlays.claim(session.overlay, name, routineBytes(routine), 0);
  if (!before) routines.set(key, routine);
  else {
    routines.clear();
    for (const each of before) routines.set(routineKey(each.type, each.schema, each.name), each);
  }
  return OK;
}

/** Replaces a routine by what ALTER made of it. */
function replace(x: Execution, routine: Routine): void {
  const key = routineKey(routine.type, routine.schema, routine.name);
  x.session.server.overlays.claim(x.session.overlay, routine.name, routineBytes(routine), 0);
  x.session.overlay.routines.set(key, routine);
}

/** ALTER PROCEDURE, FUNCTION and LIBRARY change only what is told of a routine. */
export function alterRoutine(x: Execution, s: StatementOf<'alter-routine'>): Outcome {
  const schema = canonicalSchema(s.name.schema || x.session.database);
  if (schema === '') throw sqlError('ER_NO_DB_ERROR');
  const known = x.session.overlay.routines.get(routineKey(s.type, schema, s.name.name));
  if (!known) throw sqlError('ER_SP_DOES_NOT_EXIST', s.type, `${schema}.${s.name.name}`);
  replace(x, { ...known, traits: { ...known.traits, ...s.traits }, alteredMs: x.startedMs });
  return OK;
}

/** ALTER EVENT. Throws 1049, 1537, 1539 or 1551. */
export function alterEvent(x: Execution, s: StatementOf<'alter-event'>): Outcome {
  const { routines } = x.session.overlay;
  const schema = schemaFor(x, s.name.schema);
  expectVariables(s.sets);
  const target = s.rename && { schema: canonicalSchema(s.rename.schema || x.session.database), name: s.rename.name };
  if (target && target.schema === schema && target.name === s.name.name) throw sqlError('ER_EVENT_SAME_NAME');
  if (target && !schemaExists(x.session, target.schema)) throw sqlError('ER_BAD_DB_ERROR', target.schema);
  if (!schemaExists(x.session, schema)) throw sqlError('ER_BAD_DB_ERROR', schema);
  const key = routineKey('EVENT', schema, s.name.name);
  const known = routines.get(key);
  if (target && routines.has(routineKey('EVENT', target.schema, target.name)))
    throw sqlError('ER_EVENT_ALREADY_EXISTS', target.name);
  if (!known?.event) throw sqlError('ER_EVENT_DOES_NOT_EXIST', s.name.name);
  const event = alteredEvent(x, known.event, s.event);
  if (s.event.schedule && isOver(x, event, 'ER_EVENT_CANNOT_ALTER_IN_THE_PAST')) return OK;
  const altered: Routine = {
    ...known,
    ...target,
    event,
    definer: definerOf(x, s.definer),
    ...(s.body !== undefined && { body: kept(s.body), cut: s.body.length > BODY_BYTES }),
    traits: { ...known.traits, comment: s.event.comment ?? known.traits.comment },
    under: { ...known.under, sqlMode: x.session.sqlMode() },
    alteredMs: x.startedMs,
  };
  replace(x, altered);
  if (target) routines.delete(key);
  return OK;
}

/** What is told of a routine that is not there, where DROP asks for it. */
function missing(type: RoutineType, shown: string, name: string) {
  if (type === 'EVENT') return sqlError('ER_EVENT_DOES_NOT_EXIST', name);
  if (type === 'TRIGGER') return sqlError('ER_TRG_DOES_NOT_EXIST');
  return sqlError('ER_SP_DOES_NOT_EXIST', type, shown);
}

/** DROP PROCEDURE, FUNCTION, TRIGGER, EVENT and LIBRARY. Throws 1046, 1049 or 1305. */
export function dropRoutine(x: Execution, s: StatementOf<'drop-routine'>): Outcome {
  const { session } = x;
  const { name } = s.name;
  const schema = canonicalSchema(s.name.schema || session.database);
  if (schema === '' && s.type !== 'FUNCTION') throw sqlError('ER_NO_DB_ERROR');
  if (schema === '') {
    if (!s.ifExists) throw sqlError('ER_SP_DOES_NOT_EXIST', 'FUNCTION (UDF)', name);
    x.note('ER_SP_DOES_NOT_EXIST', 'FUNCTION (UDF)', name);
    return OK;
  }
  if ((s.type === 'TRIGGER' || s.type === 'EVENT') && !schemaExists(session, schema)) {
    if (!s.ifExists) throw sqlError('ER_BAD_DB_ERROR', schema);
    // The server forgets to set the name in.
    x.note('ER_BAD_DB_ERROR', '%-.192s');
    return OK;
  }
  if (session.overlay.routines.delete(routineKey(s.type, schema, name))) return OK;
  if (!s.ifExists) throw missing(s.type, `${schema}.${name}`, name);
  if (s.type === 'TRIGGER') x.note('ER_TRG_DOES_NOT_EXIST');
  else if (s.type === 'EVENT') x.note('ER_SP_DOES_NOT_EXIST', 'Event', name);
  else x.note('ER_SP_DOES_NOT_EXIST', s.type, `${schema}.${name}`);
  return OK;
}
