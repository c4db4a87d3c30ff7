// What sessions ask of a MySQL server in the measurements of its rate: rounds of packets, each round's replies as long as any other's.

const COM_QUERY = 0x03;
const COM_STMT_PREPARE = 0x16;
const COM_STMT_EXECUTE = 0x17;
const TYPE_LONGLONG = 8;

/** Rows of the table, in ranges of so many for each session, so that none waits for another's locks. */
const ROWS_A_SESSION = 100;
const SESSIONS = 64;
/** Every id has as many digits. */
const FIRST_ID = 100_000;
const ROWS = SESSIONS * ROWS_A_SESSION;
const RANGE = 20;
const SCHEMA = 'bench';

export interface Workload {
  readonly name: string;
  /** Said by one session before all others. */
  readonly before: readonly string[];
  /** Said by each session, and prepared by each in this order. */
  readonly first: readonly string[];
  readonly prepared: readonly string[];
  /** Packets of one round of a session. */
  round(session: number, turn: number): readonly Buffer[];
}

function packet(body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  return Buffer.concat([head, body]);
}

export function query(statement: string): Buffer {
  return packet(Buffer.from(`\0${statement}`).fill(COM_QUERY, 0, 1));
}

export function prepare(statement: string): Buffer {
  return packet(Buffer.from(`\0${statement}`).fill(COM_STMT_PREPARE, 0, 1));
}

/** The session's prepared statement number `id` with integers for its parameters. */
function execute(id: number, ...values: readonly number[]): Buffer {
  const head = Buffer.alloc(10);
  head[0] = COM_STMT_EXECUTE;
  head.writeUInt32LE(id, 1);
  head.writeUInt32LE(1, 6);
  if (values.length === 0) return packet(head);
  const types = Buffer.alloc(2 * values.length);
  const bytes = Buffer.alloc(8 * values.length);
  for (const [at, value] of values.entries()) {
    types[2 * at] = TYPE_LONGLONG;
    bytes.writeBigInt64LE(BigInt(value), 8 * at);
  }
  // No NULL among them; their types are told.
  return packet(Buffer.concat([head, Buffer.from([0, 1]), types, bytes]));
}

const idOf = (session: number, turn: number) => FIRST_ID + session * ROWS_A_SESSION + (turn % ROWS_A_SESSION);
const sixDigits = (turn: number) => 100_000 + ((turn * 7_919) % 900_000);

const TABLE = [
  `drop database if exists ${SCHEMA}`,
  `create database ${SCHEMA}`,
  `create table ${SCHEMA}.t (id int not null primary key, k int not null default 0, c char(120) not null default '', pad char(60) not null default '', key k (k))`,
  ...Array.from({ length: ROWS / 800 }, (_, part) => {
    const rows = Array.from({ length: 800 }, (_, at) => FIRST_ID + part * 800 + at);
    return `insert into ${SCHEMA}.t values ${rows.map((id) => `(${id},${id},'${String(id).repeat(20)}','${String(id).repeat(10)}')`).join(',')}`;
  }),
];
const none = { before: [], first: [], prepared: [] } as const;
const onTable = { before: TABLE, first: [`use ${SCHEMA}`], prepared: [] } as const;

/** As sysbench's oltp_read_write asks, prepared, with fewer rows a range: what it reads and writes in a transaction. */
const TRANSACTION = [
  'select c from t where id=?',
  'select c from t where id between ? and ?',
  'select sum(k) from t where id between ? and ?',
  'select c from t where id between ? and ? order by c',
  'select distinct c from t where id between ? and ? order by c',
  'update t set k=k+1 where id=?',
  'select c from t where k=?',
  'delete from t where id=?',
  `insert into t (id, k, c, pad) values (?, ?, '${'c'.repeat(120)}', '${'p'.repeat(60)}')`,
] as const;
const [BEGIN, COMMIT] = [query('begin'), query('commit')];
const POINT_READS = 10;

function transaction(session: number, turn: number): Buffer[] {
  const start = FIRST_ID + session * ROWS_A_SESSION;
  const low = start + ((turn * 13) % (ROWS_A_SESSION - RANGE));
  const high = low + RANGE - 1;
  const id = idOf(session, turn * 31);
  const reads = Array.from({ length: POINT_READS }, (_, at) => execute(1, idOf(session, turn + 7 * at)));
  return [
    BEGIN,
    ...reads,
    execute(3, low, high),
    execute(4, low, high),
    execute(6, id),
    execute(8, id),
    execute(9, id, id),
    COMMIT,
  ];
}

export const WORKLOADS: Readonly<Record<string, Workload>> = {
  same: { ...none, name: 'select 1', round: () => [query('select 1')] },
  numbers: { ...none, name: 'select N, another each', round: (_, turn) => [query(`select ${sixDigits(turn)}`)] },
  texts: {
    ...none,
    name: "select 'text', another each",
    round: (session, turn) => [query(`select 'x${sixDigits(turn)}y${100 + session}'`)],
  },
  rows: {
    ...onTable,
    name: 'select by primary key, another each',
    round: (session, turn) => [query(`select k from t where id=${idOf(session, turn)}`)],
  },
  prepared: {
    ...onTable,
    prepared: ['select k from t where id=?'],
    name: 'the same, prepared',
    round: (session, turn) => [execute(1, idOf(session, turn))],
  },
  variables: {
    ...none,
    name: 'select @@version_comment limit 1',
    round: () => [query('select @@version_comment limit 1')],
  },
  transactions: {
    ...onTable,
    prepared: TRANSACTION,
    name: 'statements of transactions that read and write, prepared',
    round: transaction,
  },
};
