// SHOW CREATE DATABASE, TABLE and VIEW: statements written from what is there.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import type { View } from '../../../overlay/overlay.ts';
import { definitionOf } from '../../../persona/contents.ts';
import { systemRows, systemTable } from '../../../persona/system-tables.ts';
import { SqlError, sqlError } from '../../../sql/errors.ts';
import { quoteName } from '../../../sql/quote-name.ts';
import type { Temporal } from '../../../sql/value/temporal.ts';
import type { Column } from '../../../wire/column.ts';
import { tableDefinition } from '../../definition-text.ts';
import { tableDenied } from '../../denied.ts';
import type { RowsOutcome } from '../../outcome.ts';
import { canonicalSchema, ownTable, schemaExists } from '../../schemas.ts';
import type { Session } from '../../session.ts';
import { tellsOptions, withNamesAsAsked } from '../../shown-names.ts';
import { shown } from '../result.ts';
import type { Handler } from './filter.ts';

export const showCreateDatabase: Handler = (x, s) => {
  const name = canonicalSchema(s.name);
  if (!schemaExists(x.session, name)) throw sqlError('ER_BAD_DB_ERROR', s.name);
  const database = x.session.overlay.databases.get(name);
  const collation =
    database?.collation ?? (name === 'information_schema' ? 'utf8mb3_general_ci' : 'utf8mb4_0900_ai_ci');
  const charset = collation.split('_')[0] as string;
  const told = charset === 'utf8mb4' || !isDefaultCollation(collation) ? ` COLLATE ${collation}` : '';
  const text = `CREATE DATABASE ${s.ifNotExists ? '/*!32312 IF NOT EXISTS*/ ' : ''}${quoteName(s.name)} /*!40100 DEFAULT CHARACTER SET ${charset}${told} */ /*!80016 DEFAULT ENCRYPTION='${database?.encrypted ? 'Y' : 'N'}' */${database?.readOnly ? ' /* READ ONLY = 1 */' : ''}`;
  return shown(x.session, 'create-database', [[s.name, withNamesAsAsked(text, x.session)]]);
};

function isDefaultCollation(collation: string): boolean {
  return systemRows('information_schema.CHARACTER_SETS').some((row) => row[1] === collation);
}

const DEFINITION_CHARACTERS = 1024;

/** The column of a definition is told as long as a long definition is. */
function asLongAs(columns: readonly Column[], text: string): Column[] {
  return columns.map((column, at) =>
    at === 1 ? { ...column, length: Math.max(DEFINITION_CHARACTERS, text.length) } : column,
  );
}

function definition(session: Session, name: string, written: string): RowsOutcome {
  const text = withNamesAsAsked(written, session);
  const outcome = shown(session, 'create-table', [[name, text]]);
  return { ...outcome, columns: asLongAs(outcome.columns, text) };
}

export const showCreateTable: Handler = (x, s) => {
  const { session } = x;
  const schema = canonicalSchema(s.table?.schema || session.database);
  const view = session.overlay.databases.get(schema)?.views.get(s.table?.name ?? '');
  const hidden = session.temporary.has(`${schema}.${s.table?.name ?? ''}`);
  if (view && !hidden) return viewDefinition(session, view);
  const source = session.table(s.table?.schema ?? '', s.table?.name ?? '');
  const table = ownTable(session, source.schema, source.name);
  const recorded = table ? undefined : definitionOf(source.schema, source.name);
  // The server's own views are told as to somebody who may not see what they are made of.
  if (!table && systemTable(source.schema, source.name)?.type.endsWith('VIEW') && recorded === undefined)
    throw tableDenied(session, 'SHOW VIEW', source.name);
  if (s.what === 'create-view') throw sqlError('ER_WRONG_OBJECT', source.schema, source.name, 'VIEW');
  if (table) table.opened = true;
  const shownAs = (moment: Temporal) => String(session.atZone(moment));
  const text = table ? tableDefinition(table, shownAs, tellsOptions(session)) : (recorded ?? '');
  return definition(session, source.name, text);
};

function viewDefinition(session: Session, view: View): RowsOutcome {
  try {
    session.table(view.schema, view.name);
  } catch (error) {
    // It is shown all the same, with a warning of what it reads.
    if (error instanceof SqlError) session.addWarning('Warning', error.code, error.message);
  }
  const here = session.database === view.schema;
  const columns = view.columns.length > 0 ? ` (${view.columns.map(quoteName).join(',')})` : '';
  const name = here ? quoteName(view.name) : `${quoteName(view.schema)}.${quoteName(view.name)}`;
  const check = view.checkOption === 'NONE' ? '' : ` WITH ${view.checkOption} CHECK OPTION`;
  const options = tellsOptions(session)
    ? `ALGORITHM=${view.algorithm} DEFINER=${view.definer.map(quoteName).join('@')} SQL SECURITY ${view.security} `
    : '';
  const written = `CREATE ${options}VIEW ${name}${columns} AS ${here ? view.shortText : view.text}${check}`;
  const text = withNamesAsAsked(written, session);
  return shown(session, 'create-view', [[view.name, text, view.charset, view.collation]]);
}
