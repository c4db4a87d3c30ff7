// What open transactions hold: INNODB_TRX, data_locks, metadata_locks, and the transaction events of each thread.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-data-locks-table.html, performance-schema-metadata-locks-table.html,
// information-schema-innodb-trx-table.html
import type { OverlayTable } from '../../overlay/table.ts';
import { fromMs } from '../../sql/value/temporal.ts';
import { toText, type Value } from '../../sql/value/value.ts';
import type { Session } from '../session.ts';
import { threadIdOf } from '../thread-id.ts';
import { address, metadataLocks } from './instances.ts';
import type { Provider, Record_ } from './record.ts';
import { filled } from './threads.ts';

/** Ids of transactions begin where the server's own ended. */
const FIRST_TRANSACTION = 1_800n;
const LOCK_STRUCT_BYTES = 1_128n;

interface HeldTable {
  readonly table: OverlayTable;
  readonly rows: ReturnType<OverlayTable['locks']['of']>;
}

interface Open {
  readonly session: Session;
  readonly id: bigint;
  readonly tables: readonly HeldTable[];
}

/** Tables the source's own transactions hold rows of, session by session. */
function open(session: Session): Open[] {
  const tables = [...session.overlay.databases.values()].flatMap((database) => [...database.tables.values()]);
  return session.server.sessionsOf(session.overlay).flatMap((other): Open[] => {
    if (!other.transaction.open) return [];
    const held = tables
      .filter((table) => !table.locks.none)
      .map((table) => ({ table, rows: table.locks.of(other.transaction) }))
      .filter(({ rows }) => rows.length > 0);
    if (held.length === 0) return [];
    return [{ session: other, id: FIRST_TRANSACTION + BigInt(other.connectionId), tables: held }];
  });
}

function changes({ rows }: HeldTable): boolean {
  return rows.some(({ how }) => how !== 'read');
}

/** The values of the key a row is locked by, as data_locks prints them. */
function keyText(table: OverlayTable, row: readonly Value[]): string {
  const primary = table.indexes.find((index) => index.kind === 'primary');
  if (!primary) return `0x${String(table.rows.indexOf(row as never) + 0x200).padStart(12, '0')}`;
  return primary.columns
    .map((part) => {
      const value = row[table.columnAt(part.name)] ?? null;
      return typeof value === 'string' ? `'${value}'` : (toText(value) ?? 'NULL');
    })
    .join(', ');
}

function lockRow(held: HeldTable, owner: Open, at: number, given: Record_): Record_ {
  const { table } = held;
  const place = address(owner.session, `${table.schema}.${table.name}`, at);
  return filled('performance_schema.data_locks', {
    ENGINE: 'INNODB',
    ENGINE_LOCK_ID: `${address(owner.session, 'trx', owner.session.connectionId)}:${at}:${place}`,
    ENGINE_TRANSACTION_ID: owner.id,
    THREAD_ID: threadIdOf(owner.session.connectionId),
    EVENT_ID: BigInt(owner.session.asked * 2 + 1),
    OBJECT_SCHEMA: table.schema,
    OBJECT_NAME: table.name,
    PARTITION_NAME: null,
    SUBPARTITION_NAME: null,
    OBJECT_INSTANCE_BEGIN: place,
    LOCK_STATUS: 'GRANTED',
    ...given,
  });
}

function locksOf(owner: Open): Record_[] {
  return owner.tables.flatMap((held) => {
    const primary = held.table.indexes.some((index) => index.kind === 'primary');
    const records = held.rows
      // What is new is locked by its being new alone.
      .filter(({ how }) => how !== 'new')
      .map(({ row, how }, at) =>
        lockRow(held, owner, at + 1, {
          INDEX_NAME: primary ? 'PRIMARY' : 'GEN_CLUST_INDEX',
          LOCK_TYPE: 'RECORD',
          LOCK_MODE: `${how === 'read' ? 'S' : 'X'}${primary ? ',REC_NOT_GAP' : ''}`,
          LOCK_DATA: keyText(held.table, row),
        }),
      );
    const mode = changes(held) ? 'IX' : 'IS';
    return [
      lockRow(held, owner, 0, { INDEX_NAME: null, LOCK_TYPE: 'TABLE', LOCK_MODE: mode, LOCK_DATA: null }),
      ...records,
    ];
  });
}

function transactionRow(owner: Open, session: Session): Record_ {
  const { session: other, tables, id } = owner;
  const locked = tables.reduce((sum, { rows }) => sum + rows.filter(({ how }) => how !== 'new').length, 0);
  const structs = BigInt(tables.length + (locked > 0 ? 1 : 0));
  const modified = BigInt(other.transaction.undo.length);
  return {
    trx_id: id,
    trx_state: 'RUNNING',
    trx_started: fromMs(other.commandMs - (other.commandMs % 1000), 'datetime'),
    trx_requested_lock_id: null,
    trx_wait_started: null,
    trx_weight: structs + modified,
    trx_mysql_thread_id: BigInt(other.connectionId),
    trx_query: other === session ? other.info : null,
    trx_operation_state: null,
    trx_tables_in_use: 0n,
    trx_tables_locked: BigInt(tables.length),
    trx_lock_structs: structs,
    trx_lock_memory_bytes: LOCK_STRUCT_BYTES,
    trx_rows_locked: BigInt(locked),
    trx_rows_modified: modified,
    trx_concurrency_tickets: 0n,
    trx_isolation_level: other.text('transaction_isolation').replace('-', ' '),
    trx_unique_checks: other.readVariable('unique_checks', '').value,
    trx_foreign_key_checks: other.readVariable('foreign_key_checks', '').value,
    trx_last_foreign_key_error: null,
    trx_adaptive_hash_latched: 0n,
    trx_adaptive_hash_timeout: 0n,
    trx_is_read_only: 0n,
    trx_autocommit_non_locking: 0n,
    trx_schedule_weight: null,
  };
}

/** One lock of a table's, a schema's or the server's definition. */
function metadataLock(other: Session, at: number, given: Record_): Record_ {
  return filled('performance_schema.metadata_locks', {
    OBJECT_INSTANCE_BEGIN: address(other, 'metadata', at),
    LOCK_DURATION: 'TRANSACTION',
    LOCK_STATUS: 'GRANTED',
    SOURCE: 'sql_parse.cc:6318',
    OWNER_THREAD_ID: threadIdOf(other.connectionId),
    OWNER_EVENT_ID: BigInt(other.asked * 2 + 1),
    OBJECT_SCHEMA: null,
    OBJECT_NAME: null,
    ...given,
  });
}

function metadata(session: Session): Record_[] {
  const held = open(session).flatMap(({ session: other, tables }) =>
    tables.map((each, at) =>
      metadataLock(other, at, {
        OBJECT_TYPE: 'TABLE',
        OBJECT_SCHEMA: each.table.schema,
        OBJECT_NAME: each.table.name,
        LOCK_TYPE: changes(each) ? 'SHARED_WRITE' : 'SHARED_READ',
      }),
    ),
  );
  const locked = session.server.sessionsOf(session.overlay).flatMap((other) => {
    const all = [...other.tableLocks.all()].map((lock, at) =>
      metadataLock(other, 100 + at, {
        OBJECT_TYPE: 'TABLE',
        OBJECT_SCHEMA: lock.schema,
        OBJECT_NAME: lock.name,
        LOCK_TYPE: lock.write ? 'SHARED_NO_READ_WRITE' : 'SHARED_READ_ONLY',
      }),
    );
    const named = [...other.locks.names()].map((name, at) =>
      metadataLock(other, 300 + at, {
        OBJECT_TYPE: 'USER LEVEL LOCK',
        OBJECT_NAME: name,
        LOCK_TYPE: 'EXCLUSIVE',
        LOCK_DURATION: 'EXPLICIT',
        SOURCE: 'item_func.cc:4931',
      }),
    );
    const explicit = { LOCK_TYPE: 'SHARED', LOCK_DURATION: 'EXPLICIT', SOURCE: 'lock.cc:1057' };
    const everything = ['GLOBAL', 'COMMIT'].map((type, at) =>
      metadataLock(other, 200 + at, { OBJECT_TYPE: type, ...explicit }),
    );
    return [...all, ...named, ...(other.tableLocks.global ? everything : [])];
  });
  return [...held, ...locked, ...metadataLocks(session)];
}

/** Every statement is a transaction of its own where none is open. */
function events(session: Session): Record_[] {
  return session.server.sessionsOf(session.overlay).map((other) =>
    filled('performance_schema.events_transactions_current', {
      THREAD_ID: threadIdOf(other.connectionId),
      EVENT_ID: BigInt(other.asked * 2 + 2),
      END_EVENT_ID: null,
      EVENT_NAME: 'transaction',
      STATE: other.transaction.open || other === session ? 'ACTIVE' : 'COMMITTED',
      TRX_ID: null,
      GTID: 'AUTOMATIC',
      SOURCE: 'handler.cc:1386',
      TIMER_START: BigInt(Math.max(0, other.commandMs - other.server.options.startedMs)) * 1_000_000_000n,
      ACCESS_MODE: other.transaction.readOnly ? 'READ ONLY' : 'READ WRITE',
      ISOLATION_LEVEL: other.text('transaction_isolation').replace('-', ' '),
      AUTOCOMMIT: other.transaction.open ? 'NO' : 'YES',
      NUMBER_OF_SAVEPOINTS: BigInt(other.transaction.savepoints.length),
      NUMBER_OF_ROLLBACK_TO_SAVEPOINT: 0n,
      NUMBER_OF_RELEASE_SAVEPOINT: 0n,
      NESTING_EVENT_TYPE: 'STATEMENT',
    }),
  );
}

export const TRANSACTIONS: Readonly<Record<string, Provider>> = {
  'information_schema.INNODB_TRX': (session) => open(session).map((owner) => transactionRow(owner, session)),
  'performance_schema.data_locks': (session) => open(session).flatMap(locksOf),
  'performance_schema.metadata_locks': metadata,
  'performance_schema.events_transactions_current': events,
};
