// SHOW ENGINE INNODB STATUS of a server that rests: the monitor's sections, with the numbers SHOW STATUS tells.
// Source: the sections and order of 9.7's monitor output.

const RULE = '-'.repeat(27);

function section(title: string, lines: readonly string[]): string {
  const rule = '-'.repeat(title.length);
  return `${rule}\n${title}\n${rule}\n${lines.join('\n')}\n`;
}

/** Pages of the list's old end, of so many in all (innodb_old_blocks_pct). */
export function oldPages(data: number): number {
  return Math.round(data * 0.35);
}

/** Rows of clients' tables since the server's start. */
export interface RowCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly read: number;
}

/** What the monitor tells of, at `nowMs` on a server started at `startedMs`. */
export interface Monitored {
  readonly nowMs: number;
  readonly startedMs: number;
  readonly rows: RowCounts;
  /** InnoDB's status by its names in SHOW STATUS. */
  readonly status: Readonly<Record<string, number>>;
  /** Id the next transaction that changes something will have. */
  readonly nextTransaction: number;
  /** Connections, none of which has a transaction. */
  readonly sessions: number;
  readonly redoFile: number;
  /** Where this process keeps its threads, in bytes from the lowest place. */
  readonly threadOffset: number;
}

/** A transaction that has not begun is told by where its session keeps it. */
const FIRST_IDLE = 421_907_456_237_784n;
const SESSION_BYTES = 808n;

/** Lowest place of a thread's descriptor, and how far below the asking one's the main thread's is. */
const FIRST_THREAD = 140_032_178_738_752;
const MAIN_BELOW = 369_155_904;

/** Text of the monitor. */
export function innodbStatus(monitored: Monitored): string {
  const { nowMs, startedMs, rows, nextTransaction } = monitored;
  const told = (name: string) => monitored.status[`Innodb_${name}`] ?? 0;
  const seconds = Math.max(1, Math.floor((nowMs - startedMs) / 1000));
  const stamp = new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ');
  const lsn = told('redo_log_current_lsn');
  const data = told('buffer_pool_pages_data');
  const idle = Array.from({ length: monitored.sessions }, (_, at) => [
    `---TRANSACTION ${FIRST_IDLE - BigInt(at) * SESSION_BYTES}, not started`,
    '0 lock struct(s), heap size 1128, 0 row lock(s)',
  ]).flat();
  const title = `${stamp} ${FIRST_THREAD + monitored.threadOffset} INNODB MONITOR OUTPUT`;
  const parts = [
    `\n${'='.repeat(37)}\n${title}\n${'='.repeat(37)}\nPer second averages calculated from the last ${Math.min(60, seconds)} seconds\n`,
    section('BACKGROUND THREAD', [
      `srv_master_thread loops: 5 srv_active, 0 srv_shutdown, ${seconds} srv_idle`,
      'srv_master_thread log flush and writes: 0',
    ]).replace(/^-+/, '-'.repeat(17)),
    section('SEMAPHORES', [
      'OS WAIT ARRAY INFO: reservation count 11',
      'OS WAIT ARRAY INFO: signal count 11',
      'RW-shared spins 0, rounds 0, OS waits 0',
      'RW-excl spins 0, rounds 0, OS waits 0',
      'RW-sx spins 0, rounds 0, OS waits 0',
      'Spin rounds per wait: 0.00 RW-shared, 0.00 RW-excl, 0.00 RW-sx',
    ]),
    section('TRANSACTIONS', [
      `Trx id counter ${nextTransaction}`,
      `Purge done for trx's n:o < ${nextTransaction - 1} undo n:o < 0 state: running but idle`,
      'History list length 0',
      'LIST OF TRANSACTIONS FOR EACH SESSION:',
      ...idle,
    ]),
    section('FILE I/O', [
      'I/O thread 0 state: waiting for completed aio requests (insert buffer thread)',
      ...[1, 2, 3, 4].map((n) => `I/O thread ${n} state: waiting for completed aio requests (read thread)`),
      ...[5, 6, 7, 8].map((n) => `I/O thread ${n} state: waiting for completed aio requests (write thread)`),
      'Pending normal aio reads: [0, 0, 0, 0] , aio writes: [0, 0, 0, 0] ,',
      ' ibuf aio reads:',
      'Pending flushes (fsync) log: 0; buffer pool: 0',
      `${told('data_reads')} OS file reads, ${told('data_writes')} OS file writes, ${told('data_fsyncs')} OS fsyncs`,
      '0.00 reads/s, 0 avg bytes/read, 0.00 writes/s, 0.00 fsyncs/s',
    ]),
    section('INSERT BUFFER AND ADAPTIVE HASH INDEX', [
      'Ibuf: size 1, free list len 0, seg size 2, 0 merges',
      'merged operations:',
      ' insert 0, delete mark 0, delete 0',
      'discarded operations:',
      ' insert 0, delete mark 0, delete 0',
      ...Array<string>(8).fill('Hash table size 34679, node heap has 0 buffer(s)'),
      '0.00 hash searches/s, 0.00 non-hash searches/s',
    ]),
    section('LOG', [
      'Log capacity                 104857600',
      'Log capacity used            104857600',
      `Log sequence number          ${lsn}`,
      `Log buffer assigned up to    ${lsn}`,
      `Log buffer completed up to   ${lsn}`,
      `Log written up to            ${lsn}`,
      `Log flushed up to            ${lsn}`,
      `Added dirty pages up to      ${lsn}`,
      `Pages flushed up to          ${lsn}`,
      `Last checkpoint at           ${lsn}`,
      `Log minimum file id is       ${monitored.redoFile}`,
      `Log maximum file id is       ${monitored.redoFile}`,
      `${told('log_writes') + 1} log i/o's done, 0.00 log i/o's/second`,
    ]),
    section('BUFFER POOL AND MEMORY', [
      'Total large memory allocated 0',
      'Dictionary memory allocated 467318',
      'Buffer pool size   8191',
      `Free buffers       ${told('buffer_pool_pages_free')}`,
      `Database pages     ${data}`,
      `Old database pages ${oldPages(data)}`,
      `Modified db pages  ${told('buffer_pool_pages_dirty')}`,
      'Pending reads      0',
      'Pending writes: LRU 0, flush list 0, single page 0',
      'Pages made young 0, not young 0',
      '0.00 youngs/s, 0.00 non-youngs/s',
      `Pages read ${told('pages_read')}, created ${told('pages_created')}, written ${told('pages_written')}`,
      '0.00 reads/s, 0.00 creates/s, 0.00 writes/s',
      'No buffer pool page gets since the last printout',
      'Pages read ahead 0.00/s, evicted without access 0.00/s, Random read ahead 0.00/s',
      `LRU len: ${data}, unzip_LRU len: 0`,
      'I/O sum[0]:cur[0], unzip sum[0]:cur[0]',
    ]),
    section('ROW OPERATIONS', [
      '0 queries inside InnoDB, 0 queries in queue',
      '0 read views open inside InnoDB',
      `Process ID=1, Main thread ID=${FIRST_THREAD + monitored.threadOffset - MAIN_BELOW} , state=sleeping`,
      `Number of rows inserted ${rows.inserted}, updated ${rows.updated}, deleted ${rows.deleted}, read ${rows.read}`,
      '0.00 inserts/s, 0.00 updates/s, 0.00 deletes/s, 0.00 reads/s',
      `Number of system rows inserted ${told('system_rows_inserted')}, updated ${told('system_rows_updated')}, deleted ${told('system_rows_deleted')}, read ${told('system_rows_read')}`,
      '0.00 inserts/s, 0.00 updates/s, 0.00 deletes/s, 0.00 reads/s',
    ]),
    `${RULE}-\nEND OF INNODB MONITOR OUTPUT\n${'='.repeat(28)}\n`,
  ];
  return parts.join('');
}
