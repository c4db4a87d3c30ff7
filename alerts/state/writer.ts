// Puts writes into the database, in the thread that calls it: one transaction for as many as have come together.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Write } from './batch.ts';
import { type Limits, prune } from './limits.ts';
import { createStatements } from './reader.ts';

export interface Writer {
  /** All of them or none; for each how many rows its statements changed. Throws what SQLite says. */
  write(writes: readonly Write[]): number[];
}

export function createWriter(database: DatabaseSync, limits: Limits): Writer {
  const sql = prepare(database);
  const prepared = createStatements(database);

  function put(write: Write): number {
    switch (write.kind) {
      case 'batch':
        putBatch(sql, write);
        prune(database, limits, write.nowMs);
        return 0;
      case 'cursors':
        for (const [output, seq] of write.moved) sql.moveCursor.run(output, seq);
        return 0;
      case 'dropCursor':
        sql.dropCursor.run(write.output);
        return 0;
      case 'statements':
        return write.statements.reduce(
          (changes, { sql: text, values }) => changes + Number(prepared(text).run(...values).changes),
          0,
        );
    }
  }

  return {
    write(writes) {
      database.exec('BEGIN IMMEDIATE');
      try {
        const changes = writes.map(put);
        database.exec('COMMIT');
        return changes;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
  };
}

function prepare(database: DatabaseSync) {
  return {
    touch: database.prepare(
      'INSERT OR IGNORE INTO touches (id, received_ms, decoy, source, count, culprit, line) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    event: database.prepare(
      `INSERT INTO events (id, rule, decoy, source, severity, state, opened_ms, heard_ms, count, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, state = excluded.state, heard_ms = excluded.heard_ms,
         count = excluded.count, body = excluded.body`,
    ),
    notice: database.prepare('INSERT INTO notices (seq, event, kind, at_ms, body) VALUES (?, ?, ?, ?, ?)'),
    movePosition: database.prepare(
      'INSERT INTO positions (stream, position, at_ms) VALUES (?, ?, ?) ON CONFLICT (stream) DO UPDATE SET position = excluded.position, at_ms = excluded.at_ms',
    ),
    moveCursor: database.prepare(
      'INSERT INTO cursors (output, seq) VALUES (?, ?) ON CONFLICT (output) DO UPDATE SET seq = excluded.seq',
    ),
    dropCursor: database.prepare('DELETE FROM cursors WHERE output = ?'),
  } satisfies Record<string, StatementSync>;
}

function putBatch(sql: ReturnType<typeof prepare>, { batch, nowMs }: Extract<Write, { kind: 'batch' }>): void {
  for (const row of batch.touches) sql.touch.run(...row);
  for (const row of batch.events) {
    const { id, rule, decoy, source = null, severity, state, openedMs, heardMs, count, body } = row;
    sql.event.run(id, rule, decoy, source, severity, state, openedMs, heardMs, count, body);
  }
  for (const { seq, event, kind, atMs, body } of batch.notices) sql.notice.run(seq, event, kind, atMs, body);
  for (const [stream, position] of batch.positions) sql.movePosition.run(stream, position, nowMs);
}
