// What the dictionary tells of the columns of a source's own views, which are those of the tables behind them without their keys.
// Source: SHOW FULL COLUMNS and INFORMATION_SCHEMA.COLUMNS of a live 9.7.4; https://dev.mysql.com/doc/refman/9.7/en/show-columns.html
import { makeColumn } from '../../overlay/column.ts';
import type { View } from '../../overlay/overlay.ts';
import { systemTable } from '../../persona/system-tables.ts';
import { SqlError } from '../../sql/errors.ts';
import type { ScopeColumn } from '../../sql/scope.ts';
import { isJson, isString, isTemporal, NOT_SPECIFIED, type SqlType } from '../../sql/value/type.ts';
import { TYPE } from '../../wire/constants.ts';
import type { Session } from '../session.ts';
import { type Origin, originsOf, specOf } from '../statements/define/inferred.ts';
import { viewSource } from '../view-source.ts';
import { type ColumnFacts, overlayColumnFacts, systemColumnFacts } from './column-facts.ts';

/** The column of a table or view that a view's column shows as it is; undefined where it is worked out. */
function shownColumn(session: Session, { schema, orgTable, orgName }: ScopeColumn): ColumnFacts | undefined {
  if (orgTable === '') return undefined;
  const own = session.overlay.databases.get(schema);
  const [table, view, system] = [own?.tables.get(orgTable), own?.views.get(orgTable), systemTable(schema, orgTable)];
  const facts = table
    ? overlayColumnFacts(table)
    : view
      ? viewColumnFacts(session, view)
      : (system?.columns.map(systemColumnFacts) ?? []);
  return facts.find(({ name }) => name.toLowerCase() === orgName.toLowerCase());
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
): ColumnFacts {
  const { name, type } = column;
  const spec = specOf(column, origin);
  const shown = shownColumn(session, behind);
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

/** Facts of a view's columns. Throws 1356 where what it reads is gone. */
export function viewColumnFacts(session: Session, view: View): ColumnFacts[] {
  const { columns, shows = [] } = viewSource(session, view);
  const origins = originsOf(view.query, 'view', shows);
  return columns.map((column, at) => columnFacts(session, column, shows[at] ?? column, origins[at]));
}

/** Facts of a view's columns; none where what it reads is gone. */
export function knownColumns(session: Session, view: View): readonly ColumnFacts[] {
  try {
    return session.unwarned(() => viewColumnFacts(session, view));
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return [];
  }
}

/** Why a view cannot be read, as its comment tells it; undefined where it can be. */
export function brokenView(session: Session, view: View): SqlError | undefined {
  try {
    session.unwarned(() => viewSource(session, view));
    return undefined;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return error;
  }
}
