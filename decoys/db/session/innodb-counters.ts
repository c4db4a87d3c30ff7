// What InnoDB counts of its work, told the same wherever it is told: SHOW STATUS, the monitor's text, its pool and its log.
// Source: a live 9.7.4 after its start and as it wrote; https://dev.mysql.com/doc/refman/9.7/en/innodb-status-variables.html
import { createHash } from 'node:crypto';
import type { Session } from './session.ts';

/** Bytes of a page and of a block of the log. */
const PAGE = 16_384;
const BLOCK = 512;

/** Pages of the pool, and those of them that hold no data. */
const POOL_PAGES = 8_192;
const MISC_PAGES = 1;

/** Where the log's first file begins and how many positions one holds; the number of the first. */
const FILE_START = 16_381_952;
const FILE_POSITIONS = 3_274_752;
const FILE_BYTES = 3_276_800;
const FIRST_FILE = 5;

/** Log written for a changed row and for a changed definition, in bytes. */
const ROW_LOG = 312;
const DEFINITION_LOG = 14_080;

/** After so long the pages a start has changed are written, in seconds. */
const FLUSHED_SECONDS = 10;

const DEFINITIONS = ['create', 'alter', 'drop'].flatMap((verb) =>
  ['table', 'db', 'index', 'user', 'view', 'procedure', 'function', 'trigger', 'event'].map(
    (of) => `Com_${verb}_${of}`,
  ),
);

/** A number of this server's own below `most`, the same for as long as it runs. */
function own(session: Session, name: string, most: number): number {
  return createHash('sha256').update(`${name}\0${session.server.uuid}`).digest().readUInt32LE(0) % most;
}

export interface RedoFile {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly bytes: number;
}

/** The log's file, as far as it was written. */
export function redoFile(lsn: number): RedoFile {
  const at = Math.floor((lsn - FILE_START) / FILE_POSITIONS);
  const start = FILE_START + at * FILE_POSITIONS;
  return { id: FIRST_FILE + at, start, end: start + FILE_POSITIONS, bytes: FILE_BYTES };
}

/** Position of the log: it grows with what clients change. */
export function logPosition(session: Session): number {
  const { counters } = session.server;
  const rows = ['inserted', 'updated', 'deleted'].reduce(
    (sum, kind) => sum + (counters.get(`Innodb_rows_${kind}`) ?? 0),
    0,
  );
  const definitions = DEFINITIONS.reduce((sum, name) => sum + (counters.get(name) ?? 0), 0);
  return 19_523_000 + own(session, 'lsn', 9_000) + rows * ROW_LOG + definitions * DEFINITION_LOG;
}

/** Status of InnoDB by name, in the terms of SHOW STATUS. */
export function innodbCounters(session: Session): Readonly<Record<string, number>> {
  const { counters, options } = session.server;
  const seconds = Math.floor((Date.now() - options.startedMs) / 1000);
  const lsn = logPosition(session);
  const written = lsn - 19_523_000;
  const flushed = seconds < FLUSHED_SECONDS ? 0 : 179 + own(session, 'flushed', 9) + Math.floor(written / PAGE);
  const logWrites = 14 + own(session, 'log', 4) + Math.ceil(written / 3_600);
  const logBytes = logWrites * 6 * BLOCK + Math.floor(written / BLOCK) * BLOCK;
  const read = 826 + own(session, 'read', 9);
  const created = 143 + own(session, 'created', 5) + Math.floor(written / 60_000);
  const doublewrites = Math.ceil(flushed / 30);
  const dataWrites = 32 + own(session, 'writes', 6) + logWrites + flushed + doublewrites;
  const dataReads = read + 27;
  const data = read + created;
  return {
    Innodb_buffer_pool_pages_data: data,
    Innodb_buffer_pool_bytes_data: data * PAGE,
    Innodb_buffer_pool_pages_dirty: flushed === 0 ? 183 : 0,
    Innodb_buffer_pool_bytes_dirty: flushed === 0 ? 183 * PAGE : 0,
    Innodb_buffer_pool_pages_flushed: flushed,
    Innodb_buffer_pool_pages_free: POOL_PAGES - MISC_PAGES - data,
    Innodb_buffer_pool_read_requests: 15_100 + own(session, 'requests', 400) + 7 * (counters.get('Questions') ?? 0),
    Innodb_buffer_pool_reads: read + 1,
    Innodb_buffer_pool_write_requests: 1_806 + own(session, 'pool', 12) + Math.ceil(written / 90),
    Innodb_data_fsyncs: 52 + own(session, 'fsyncs', 9) + Math.ceil(logWrites / 2),
    Innodb_data_read: dataReads * PAGE - 357_000 + (357_000 % BLOCK),
    Innodb_data_reads: dataReads,
    Innodb_data_writes: dataWrites,
    Innodb_data_written: logBytes + 2 * flushed * PAGE + 15 * 1_024,
    Innodb_dblwr_pages_written: flushed,
    Innodb_dblwr_writes: doublewrites,
    Innodb_redo_log_uuid: 1 + own(session, 'redo', 4_294_967_294),
    Innodb_redo_log_checkpoint_lsn: lsn,
    Innodb_redo_log_current_lsn: lsn,
    Innodb_redo_log_flushed_to_disk_lsn: lsn,
    Innodb_redo_log_logical_size: BLOCK,
    Innodb_log_write_requests: 780 + own(session, 'log requests', 9) + Math.ceil(written / 110),
    Innodb_log_writes: logWrites,
    Innodb_os_log_fsyncs: Math.ceil(logWrites / 2),
    Innodb_os_log_written: logBytes,
    Innodb_pages_created: created,
    Innodb_pages_read: read,
    Innodb_pages_written: flushed,
    Innodb_system_rows_deleted: 8,
    Innodb_system_rows_inserted: 8,
    Innodb_system_rows_read: 4_920 + own(session, 'system reads', 12),
    Innodb_system_rows_updated: 331,
  };
}

/** Where this process keeps its threads, in bytes above the lowest place; pages of memory apart. */
export function threadOffset(session: Session): number {
  return own(session, 'threads', 100_000) * 4_096;
}

/** Operating system's id of the first thread this server started. */
export function firstThread(session: Session): number {
  return 120 + own(session, 'os', 60);
}

/** When the pool was filled from what the last run left, as Innodb_buffer_pool_load_status tells it. */
export function poolLoaded(session: Session): string {
  const [date = '', time = ''] = new Date(session.server.options.startedMs).toISOString().split('T');
  const clock = time.slice(0, 8).replace(/^0/, ' ');
  return `Buffer pool(s) load completed at ${date.slice(2).replaceAll('-', '')} ${clock}`;
}
