// CREATE and ALTER VIEW.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-view.html; errors as answered by a live 9.7.4.
import { type Database, MAX_TABLES, type View, viewBytes } from '../../../overlay/overlay.ts';
import type { Query, QueryBody, SelectCore, SelectItem, TableRef } from '../../../sql/ast/query.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { printQuery } from '../../../sql/print-view.ts';
import { compileQuery, compilerOf } from '../../../sql/select.ts';
import { STATUS } from '../../../wire/constants.ts';
import { OK, type Outcome } from '../../outcome.ts';
import { canonicalSchema, tableExists } from '../../schemas.ts';
import { resolveAccount } from '../account.ts';
import { mergeView } from '../change/view-merge.ts';
import { checkName, refuseReadOnly, writableDatabase } from './database.ts';

/** Characters of a view's text that are kept. */
const TEXT_CHARACTERS = 65_536;

const VARIABLES: ReadonlySet<string> = new Set(['variable', 'system', 'assign', 'parameter']);

/** Throws what a view's query may not hold. */
function refuseParts(x: Execution, value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) refuseParts(x, item);
    return;
  }
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return;
  const node = value as { readonly kind?: string; readonly schema?: string; readonly name?: string };
  if (node.kind !== undefined && VARIABLES.has(node.kind)) throw sqlError('ER_VIEW_SELECT_VARIABLE');
  if (node.kind === 'table') {
    const schema = canonicalSchema(node.schema || x.session.database);
    if (x.session.temporary.has(`${schema}.${node.name}`)) throw sqlError('ER_VIEW_SELECT_TMPTABLE', node.name ?? '');
  }
  for (const part of Object.values(value)) refuseParts(x, part);
}

/** Tables of a FROM with their columns, in order. */
function starColumns(x: Execution, ref: TableRef, owner: string | undefined): SelectItem[] {
  if (ref.kind === 'join') return [...starColumns(x, ref.left, owner), ...starColumns(x, ref.right, owner)];
  if (ref.kind !== 'table' || (owner !== undefined && ref.alias !== owner)) return [];
  const { columns } = x.session.table(ref.schema, ref.name);
  return columns
    .filter((column) => !column.invisible)
    .map((column) => ({
      expression: { kind: 'column', path: [ref.alias, column.name], start: 0, end: 0 },
      star: undefined,
      alias: undefined,
      text: column.name,
    }));
}

/** The query with `*` as the columns it stands for now: a view keeps those. */
function expanded(x: Execution, query: Query): Query {
  return { ...query, body: expandedBody(x, query.body) };
}

function expandedBody(x: Execution, body: QueryBody): QueryBody {
  if (body.kind === 'set') return { ...body, left: expanded(x, body.left), right: expanded(x, body.right) };
  if (body.kind !== 'select' || !body.from || !isNamed(body.from)) return body;
  const { from } = body;
  const items = body.items.flatMap((item) => (item.star ? starColumns(x, from, item.star.at(-1)) : [item]));
  return { ...body, items } satisfies SelectCore;
}

function isNamed(ref: TableRef): boolean {
  if (ref.kind === 'table') return true;
  return ref.kind === 'join' && !ref.natural && ref.using.length === 0 && isNamed(ref.left) && isNamed(ref.right);
}

function schemaQualified(query: Query, database: string): Query {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null || Buffer.isBuffer(value) || value instanceof Map) return value;
    const copy = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, walk(part)]));
    return copy.kind === 'table' && copy.schema === '' ? { ...copy, schema: database } : copy;
  };
  return query.with.length > 0 ? query : (walk(query) as Query);
}

/** A view that is replaced cannot be read by the query that takes its place. */
function withoutView<T>(database: Database, name: string, work: () => T): T {
  const before = database.views.get(name);
  database.views.delete(name);
  try {
    return work();
  } finally {
    if (before) database.views.set(name, before);
  }
}

/** The view a statement makes; one that is altered keeps of its options (`kept`) what is not given. */
function madeView(x: Execution, s: StatementOf<'create-view'>, database: Database, kept?: View): View {
  const { session } = x;
  refuseParts(x, s.query);
  if (s.query.into) throw sqlError('ER_VIEW_SELECT_CLAUSE', 'INTO');
  const compiled = withoutView(database, s.view.name, () => compileQuery(compilerOf(x), s.query, undefined));
  if (s.columns.length > 0 && s.columns.length !== compiled.columns.length) throw sqlError('ER_VIEW_WRONG_LIST');
  const names = s.columns.length > 0 ? s.columns : compiled.columns.map((column) => column.name);
  const twice = names.find((name, at) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) !== at);
  if (twice !== undefined && s.columns.length > 0) throw sqlError('ER_DUP_FIELDNAME', twice);
  if (twice !== undefined && clashes(s.query)) throw sqlError('ER_DUP_FIELDNAME', twice);
  const query = expanded(x, s.query);
  const lookup = (schema: string, name: string) => session.table(schema, name).columns.map((column) => column.name);
  const style = { database: session.database, lookup };
  const definer = s.options.definer && !s.options.definer.current ? s.options.definer : undefined;
  const { user, host } = definer ?? resolveAccount(x, { user: '', host: '', current: true });
  return {
    schema: database.name,
    name: s.view.name,
    query: schemaQualified(query, session.database),
    columns: s.columns,
    text: printQuery(query, { ...style, omitted: '', introduced: false }).slice(0, TEXT_CHARACTERS),
    shortText: printQuery(query, { ...style, omitted: database.name, introduced: true }).slice(0, TEXT_CHARACTERS),
    checkOption: s.checkOption,
    algorithm: s.options.algorithm || kept?.algorithm || 'UNDEFINED',
    definer: [user, host],
    security: s.options.security || kept?.security || 'DEFINER',
    charset: session.clientCharset(),
    collation: session.connectionCollation(),
    createdMs: x.startedMs,
  };
}

/** Literals of one text are told apart by the server; columns of one name are not. */
function clashes({ body }: Query): boolean {
  return (
    body.kind === 'select' &&
    body.items.some(({ expression, alias }) => !expression || expression.kind === 'column' || alias !== undefined)
  );
}

/** CREATE VIEW, OR REPLACE and ALTER VIEW. Throws 1050, 1114, 1146, 1347 or 1368. */
export function createView(x: Execution, s: StatementOf<'create-view'>): Outcome {
  const database = writableDatabase(x, s.view);
  const { name } = s.view;
  checkName(name);
  refuseReadOnly(database);
  const before = database.views.get(name);
  if (s.alters && !before) {
    if (!tableExists(x.session, database.name, name)) throw sqlError('ER_NO_SUCH_TABLE', `${database.name}.${name}`);
    throw sqlError('ER_WRONG_OBJECT', database.name, name, 'VIEW');
  }
  if (!before && tableExists(x.session, database.name, name)) {
    if (s.replace) throw sqlError('ER_WRONG_OBJECT', database.name, name, 'VIEW');
    if (!s.ifNotExists) throw sqlError('ER_TABLE_EXISTS_ERROR', name);
  }
  if (before && !s.replace && !s.ifNotExists) throw sqlError('ER_TABLE_EXISTS_ERROR', name);
  if (s.ifNotExists && tableExists(x.session, database.name, name)) {
    x.note('ER_TABLE_EXISTS_ERROR', name);
    return OK;
  }
  const made = madeView(x, s, database, s.alters ? before : undefined);
  const changeable = mergeView(x, made) !== undefined;
  if (made.checkOption !== 'NONE' && !changeable) throw sqlError('ER_VIEW_NONUPD_CHECK', database.name, name);
  const merges = made.query.body.kind === 'select' && changeable;
  const view = made.algorithm === 'MERGE' && !merges ? { ...made, algorithm: 'UNDEFINED' } : made;
  if (view !== made) x.warn('ER_WARN_VIEW_MERGE');
  if (!before && x.session.overlay.tableCount >= MAX_TABLES) throw sqlError('ER_RECORD_FILE_FULL', name);
  if (view.text.length >= TEXT_CHARACTERS) throw sqlError('ER_RECORD_FILE_FULL', name);
  x.session.server.overlays.claim(x.session.overlay, name, viewBytes(view.text), 0);
  database.views.set(name, view);
  x.statusFlags &= ~STATUS.NO_INDEX;
  return OK;
}
