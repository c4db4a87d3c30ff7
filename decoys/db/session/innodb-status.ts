// SHOW ENGINE INNODB STATUS of an idle server: the monitor's sections with numbers that grow with uptime.
// Source: the sections and order of 9.7's monitor output.

const RULE = '-'.repeat(27);

function section(title: string, lines: readonly string[]): string {
  const rule = '-'.repeat(title.length);
  return `${rule}\n${title}\n${rule}\n${lines.join('\n')}\n`;
}

/** Rows of clients' tables since the server's start. */
export interface RowCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly read: number;
}

/** Text of the monitor at `nowMs` on a server started at `startedMs`. */
export function innodbStatus(nowMs: number, startedMs: number, rows: RowCounts): string {
  const seconds = Math.max(1, Math.floor((nowMs - startedMs) / 1000));
  const stamp = new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ');
  const lsn = 19_536_412 + seconds;
  const title = `${stamp} 140432178738752 INNODB MONITOR OUTPUT`;
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
      'Trx id counter 1831',
      "Purge done for trx's n:o < 1830 undo n:o < 0 state: running but idle",
      'History list length 0',
      'LIST OF TRANSACTIONS FOR EACH SESSION:',
      '---TRANSACTION 421907456237784, not started',
      '0 lock struct(s), heap size 1128, 0 row lock(s)',
    ]),
    section('FILE I/O', [
      'I/O thread 0 state: waiting for completed aio requests (insert buffer thread)',
      ...[1, 2, 3, 4].map((n) => `I/O thread ${n} state: waiting for completed aio requests (read thread)`),
      ...[5, 6, 7, 8].map((n) => `I/O thread ${n} state: waiting for completed aio requests (write thread)`),
      'Pending normal aio reads: [0, 0, 0, 0] , aio writes: [0, 0, 0, 0] ,',
      ' ibuf aio reads:',
      'Pending flushes (fsync) log: 0; buffer pool: 0',
      '963 OS file reads, 223 OS file writes, 71 OS fsyncs',
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
      'Log minimum file id is       5',
      'Log maximum file id is       5',
      "19 log i/o's done, 0.00 log i/o's/second",
    ]),
    section('BUFFER POOL AND MEMORY', [
      'Total large memory allocated 0',
      'Dictionary memory allocated 467318',
      'Buffer pool size   8192',
      'Free buffers       7082',
      'Database pages     1106',
      'Old database pages 388',
      'Modified db pages  0',
      'Pending reads      0',
      'Pending writes: LRU 0, flush list 0, single page 0',
      'Pages made young 0, not young 0',
      '0.00 youngs/s, 0.00 non-youngs/s',
      'Pages read 940, created 166, written 180',
      '0.00 reads/s, 0.00 creates/s, 0.00 writes/s',
      'No buffer pool page gets since the last printout',
      'Pages read ahead 0.00/s, evicted without access 0.00/s, Random read ahead 0.00/s',
      'LRU len: 1106, unzip_LRU len: 0',
      'I/O sum[0]:cur[0], unzip sum[0]:cur[0]',
    ]),
    section('ROW OPERATIONS', [
      '0 queries inside InnoDB, 0 queries in queue',
      '0 read views open inside InnoDB',
      'Process ID=1, Main thread ID=140431809582848 , state=sleeping',
      `Number of rows inserted ${rows.inserted}, updated ${rows.updated}, deleted ${rows.deleted}, read ${rows.read}`,
      '0.00 inserts/s, 0.00 updates/s, 0.00 deletes/s, 0.00 reads/s',
      'Number of system rows inserted 21, updated 339, deleted 10, read 5032',
      '0.00 inserts/s, 0.00 updates/s, 0.00 deletes/s, 0.00 reads/s',
    ]),
    `${RULE}-\nEND OF INNODB MONITOR OUTPUT\n${'='.repeat(28)}\n`,
  ];
  return parts.join('');
}
