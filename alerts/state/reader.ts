// Asks the database, in the thread that calls it; what is asked often stays prepared.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Statement } from './batch.ts';

/** Questions kept prepared; the one longest unused is forgotten first. */
const PREPARED = 64;

export interface Reader {
  /** Throws what SQLite says. */
  rows(question: Statement): Record<string, unknown>[];
}

export function createReader(database: DatabaseSync): Reader {
  const prepared = createStatements(database);
  return { rows: ({ sql, values }) => prepared(sql).all(...values) };
}

/** Statements by their text. */
export function createStatements(database: DatabaseSync): (sql: string) => StatementSync {
  const known = new Map<string, StatementSync>();
  return (sql) => {
    const statement = known.get(sql) ?? database.prepare(sql);
    known.delete(sql);
    if (known.size >= PREPARED) known.delete(known.keys().next().value ?? '');
    known.set(sql, statement);
    return statement;
  };
}
