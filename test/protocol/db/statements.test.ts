// Every recorded statement, in order on one connection, against what a real MySQL 9.7.4 answered.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { type Program, startDecoy } from '../../harness/program.ts';
import { WireClient } from './wire-client.ts';
import type { WireColumn, WireReply } from './wire-reply.ts';

interface Recorded extends WireReply {
  n: number;
  sql: string;
  columns?: (WireColumn & { type: string })[];
  rowCount?: number;
}

const FIXTURE = join(import.meta.dirname, '..', '..', 'fixtures', 'db', 'statements.jsonl');
const recorded = readFileSync(FIXTURE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

/** Rows recorded are cut to this many. */
const ROWS_KEPT = 12;

/** What the persona says otherwise than the recorded server: version, comment, port, bind address, hostname, uuid, paths. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/9\.7\.4-2|9\.7\.4/g, 'VERSION'],
  [/\(Debian\)|MySQL Community Server - GPL/g, 'COMMENT'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}:[\d-]+/g, 'GTID'],
  [/\/usr\/lib(64)?\/mysql\/plugin\//g, 'PLUGIN_DIR/'],
  [/root@(127\.0\.0\.1|::1)/g, 'root@CLIENT'],
  [/\(errno: (2|22|11) /g, '(errno: N '],
];

function masked(text: string): string {
  return MASKS.reduce((done, [pattern, name]) => done.replace(pattern, name), text);
}

/** Results whose values move with time, load, host or id: compared by columns and count alone. */
const MOVING = new Set([38, 49, 53, 145, 146, 148, 151, 152, 178, 206]);
/** Cells that move within results that otherwise stand. */
const MOVING_CELLS: Readonly<Record<number, readonly number[]>> = { 59: [42] };

/** Statements between the recorded ones that put back what one of them changed. */
const AFTER: Readonly<Record<number, string>> = { 8: 'SET NAMES utf8mb4', 25: 'SET character_set_results = utf8mb4' };
/** Variables of SHOW VARIABLES that are the persona's. */
const PERSONA_VARIABLES = new Set([
  'bind_address',
  'admin_port',
  'host_cache_size',
  'build_id',
  'character_sets_dir',
  'general_log_file',
  'hostname',
]);

/** A column told as long as the value it holds. */
const LENGTH_OF_VALUE: Readonly<Record<number, string>> = { 148: 'Executed_Gtid_Set' };

function comparable(entry: WireReply, n: number): unknown {
  const { error, ok, columns, rows = [] } = entry;
  const shownRows = MOVING.has(n)
    ? undefined
    : rows
        .slice(0, ROWS_KEPT)
        .filter((row) => !PERSONA_VARIABLES.has(row[0] ?? ''))
        .map((row) => row.map((cell, at) => (cell === null || MOVING_CELLS[n]?.includes(at) ? null : masked(cell))));
  return {
    error: error && { ...error, message: masked(error.message) },
    ok: ok && {
      affected: ok.affected,
      insertId: ok.insertId,
      status: ok.status,
      warnings: ok.warnings,
      info: ok.info ?? '',
      state: ok.state,
    },
    columns: columns?.map(({ name, typeCode, charset, length, flags, decimals, schema, table, orgTable, orgName }) => ({
      name,
      typeCode,
      charset,
      length: LENGTH_OF_VALUE[n] === name ? 0 : length,
      flags,
      decimals,
      schema,
      table,
      orgTable,
      orgName,
    })),
    rows: columns ? shownRows : undefined,
  };
}

let decoy: Program;
let client: WireClient;

beforeAll(async () => {
  const port = await freePort();
  decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1' } });
  client = await WireClient.session(port);
});

afterAll(async () => {
  client.socket.destroy();
  await decoy.stop();
});

for (const entry of recorded) {
  test(`${entry.n} ${entry.sql.slice(0, 90)}`, async () => {
    const reply = await client.query(entry.sql);
    const between = AFTER[entry.n];
    if (between) await client.query(between);
    expect(comparable(reply, entry.n)).toEqual(comparable(entry, entry.n));
    if (entry.columns && !entry.error) {
      if (entry.n !== 13 && !MOVING.has(entry.n)) expect(reply.rows?.length).toBe(entry.rowCount);
      expect({ status: reply.status, warnings: reply.warnings }).toEqual({
        status: entry.status,
        warnings: entry.warnings,
      });
    }
  });
}
