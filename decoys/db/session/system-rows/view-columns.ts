// What the dictionary tells of the columns of a source's own views, which are those of the tables behind them without their keys.
// Source: SHOW FULL COLUMNS and INFORMATION_SCHEMA.COLUMNS of a live 9.7.4; https://dev.mysql.com/doc/refman/9.7/en/show-columns.html
import { makeColumn } from '../../overlay/column.ts';
import type { View } from '../../overlay/overlay.ts';
import { OverlayTable } from '../../overlay/table.ts';
import { systemTable } from '../../persona/system-tables.ts';
import { Budget } from '../../sql/budget.ts';
import { errorCode, SqlError } from '../../sql/errors.ts';
import type { ScopeColumn } from '../../sql/scope.ts';
import { isJson, isString, isTemporal, NOT_SPECIFIED, type SqlType } from '../../sql/value/type.ts';
import { TYPE } from '../../wire/constants.ts';
import type { Session } from '../session.ts';
import { type Origin, originsOf, specOf } from '../statements/define/inferred.ts';
import { viewSource } from '../view-source.ts';
import { type ColumnFacts, overlayColumnFacts, systemColumnFacts } from './column-facts.ts';

/** Columns of tables and views by their names in lower case. */
type Known = Map<object, ReadonlyMap<string, ColumnFacts>>;

/** What one list of views may cost, all of them together, and not the statement it is for; views past that tell nothing. */
export class ViewListing {
  /** Columns found already: what many views read is looked at once. */
  readonly known: Known = new Map();
  readonly #budget = new Budget();

  /** Opens a view, without warnings. */
  open<T>(session: Session, work: () => T): T {
    const around = session.budget;
    session.budget = this.#budget;
    try {
      return session.unwarned(work);
    } finally {
      session.budget = around;
    }
  }
}

function byName(facts: readonly ColumnFacts[]): ReadonlyMap<string, ColumnFacts> {
  return new Map(facts.map((column) => [column.name.toLowerCase(), column]));
}

/** The column of a table or view that a view's column shows as it is; undefined where it is worked out. */
function shownColumn(
  session: Session,
  { schema, orgTable, orgName }: ScopeColumn,
  known: Known,
): ColumnFacts | undefined {
  if (orgTable === '') return undefined;
  const own = session.overlay.databases.get(schema);
  const view = own?.views.get(orgTable);
  const name = orgName.toLowerCase();
  if (view) return viewFacts(session, view, known).get(name);
  const table = own?.tables.get(orgTable) ?? systemTable(schema, orgTable);
  if (!table) return undefined;
  let facts = known.get(table);
  if (!facts) {
    facts = byName(table instanceof OverlayTable ? overlayColumnFacts(table) : table.columns.map(systemColumnFacts));
    known.set(table, facts);
  }
  return facts.get(name);
}

/** What a column that is worked out, or counts by itself in its table, is told to hold by default. */
function emptyText(type: SqlType, spec: ReturnType<typeof specOf>): string | null {
  if (type.nullable) return null;
  if (type.type === TYPE.DATE) return '0000-00-00';
  if (type.type === TYPE.TIME) return '00:00:00';
  if (isTemporal(type)) return '0000-00-00 00:00:00';
  if (isString(type) && !type.text) return '';
  if (spec.fallback?.kind !== 'number') return spec.fallback ? '' : null;
  const { decimals } = type;
  return decimals > 0 && decimals < NOT_SPECIFIED ? `0.${'0'.repeat(decimals)}` : '0';
}

function columnFacts(
  session: Session,
  column: ScopeColumn,
  behind: ScopeColumn,
  origin: Origin | undefined,
  known: Known,
): ColumnFacts {
  const { name, type } = column;
  const spec = specOf(column, origin);
  const shown = shownColumn(session, behind, known);
  if (shown) {
    const counts = shown.extra.includes('auto_increment');
    return {
      ...shown,
      name,
      nullable: type.nullable,
      key: '',
      generation: '',
      extra: shown.extra.replace(/auto_increment|(VIRTUAL|STORED) GENERATED/, '').trim(),
      fallback: counts ? '0' : shown.fallback?.startsWith("b'") ? null : shown.fallback,
    };
  }
  const { columnType } = makeColumn({ ...spec, nullable: type.nullable ? undefined : false }, type.collation, 0);
  return {
    name,
    columnType,
    nullable: type.nullable,
    fallback: emptyText(type, spec),
    charset: type.text && !isJson(type) ? session.charsetOf(type.collation) : '',
    collation: type.text && !isJson(type) ? type.collation : '',
    key: '',
    extra: '',
    comment: '',
    generation: '',
    srid: null,
  };
}

function viewFacts(session: Session, view: View, known: Known): ReadonlyMap<string, ColumnFacts> {
  const found = known.get(view);
  if (found) return found;
  const { columns, shows = [] } = viewSource(session, view);
  const origins = originsOf(view.query, 'view', shows);
  const facts = byName(
    columns.map((column, at) => columnFacts(session, column, shows[at] ?? column, origins[at], known)),
  );
  known.set(view, facts);
  return facts;
}

/** Facts of a view's columns. Throws 1356 where what it reads is gone. */
export function viewColumnFacts(session: Session, view: View, known: Known = new Map()): readonly ColumnFacts[] {
  return [...viewFacts(session, view, known).values()];
}

/** Facts of a view's columns; none where what it reads is gone. */
export function knownColumns(session: Session, view: View, listing: ViewListing): readonly ColumnFacts[] {
  try {
    return listing.open(session, () => viewColumnFacts(session, view, listing.known));
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return [];
  }
}

/** Why a view cannot be read, as its comment tells it; undefined where it can be. */
export function brokenView(session: Session, view: View, listing: ViewListing): SqlError | undefined {
  try {
    listing.open(session, () => viewSource(session, view));
    return undefined;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return error.code === errorCode('ER_VIEW_INVALID') ? error : undefined;
  }
}
