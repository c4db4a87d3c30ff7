// The decoy answers whole sessions as a live MySQL 9.7.4 answered them; and, with MYSQLD_9_7=host:port in the environment,
// as a live server beside it answers the same statements with names and case changed.
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../harness/ports.ts';
import { type Program, startDecoy } from '../../harness/program.ts';
import { titled } from '../../harness/tools.ts';
import { repliesTo, timeless } from './comparison.ts';
import { readTranscripts, reworded, type TranscriptEntry } from './transcripts.ts';
import { WireClient } from './wire-client.ts';

const transcripts = readTranscripts();
const [liveHost = '', livePort = ''] = (process.env.MYSQLD_9_7 ?? '').split(':');

/** Longest a transcript may take on a busy machine. */
const TRANSCRIPT_MS = 60_000;

let decoy: Program;
let port: number;

beforeAll(async () => {
  port = await freePort();
});

/** long_query_time of a server nobody told otherwise: what takes longer is told as slow, by a real server too. */
const SLOW_MS = 10_000;
const QUERY_WAS_SLOW = 2_048;

/** Replies in JSON to a statement the machine stood still in, as they are had it gone on. */
function notSlow(replies: string): string {
  return replies.replace(
    /("status":")(\d+)/g,
    (_, name: string, status: string) => name + (Number(status) & ~QUERY_WAS_SLOW),
  );
}

/** Statements sent for what they do, each before the next one that is compared. */
function steps(entries: readonly TranscriptEntry[]): { readonly before: string[]; readonly entry: TranscriptEntry }[] {
  const found: { before: string[]; entry: TranscriptEntry }[] = [];
  let before: string[] = [];
  for (const entry of entries) {
    if (!entry.replies) {
      before.push(entry.sql);
      continue;
    }
    found.push({ before, entry });
    before = [];
  }
  return found;
}

describe.each(transcripts)('$name as recorded', ({ entries }) => {
  let client: WireClient;

  beforeAll(async () => {
    decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1', POD_NAME: 'vm' } });
    client = await WireClient.session(port);
  });

  afterAll(async () => {
    client.socket.destroy();
    await decoy.stop();
  });

  const compared = steps(entries);
  // One test a transcript: what it says of each statement that differs is the statement and both replies.
  test(`all ${compared.length} statements`, { timeout: TRANSCRIPT_MS }, async () => {
    const differing: unknown[] = [];
    for (const { before, entry } of compared) {
      for (const sql of before) await repliesTo(client, sql);
      const began = performance.now();
      const replies = await repliesTo(client, entry.sql);
      const slow = performance.now() - began >= SLOW_MS;
      const text = slow ? notSlow(JSON.stringify(replies)) : JSON.stringify(replies);
      const expected = JSON.stringify(entry.replies);
      const same = isDeepStrictEqual(JSON.parse(text), entry.replies);
      if (!same && !(expected.includes('TIME') && timeless(text) === timeless(expected)))
        differing.push({ sql: entry.sql, expected: entry.replies, received: replies });
    }
    expect(differing).toEqual([]);
  });
});

const beside = livePort === '' ? [] : transcripts;

if (beside.length === 0) test.skip(titled('beside a live mysqld 9.7', 'needs MYSQLD_9_7=host:port'), () => {});

describe.each(beside)(
  '$name beside a live mysqld 9.7, names and case changed (MYSQLD_9_7=host:port)',
  ({ entries }) => {
    let own: WireClient;
    let live: WireClient;

    beforeAll(async () => {
      decoy = await startDecoy('db', { env: { DB_PORT: String(port), BIND: '127.0.0.1', POD_NAME: 'vm' } });
      own = await WireClient.session(port);
      live = await WireClient.session(Number(livePort), { host: liveHost });
    });

    afterAll(async () => {
      own.socket.destroy();
      live.socket.destroy();
      await decoy.stop();
    });

    const changed = steps(entries).map(({ before, entry }) => ({
      before: before.map(reworded),
      sql: reworded(entry.sql),
    }));
    test.each(changed.map((step) => [step.sql.slice(0, 90), step] as const))('%s', async (_name, { before, sql }) => {
      for (const earlier of before) {
        await repliesTo(own, earlier);
        await repliesTo(live, earlier);
      }
      expect(await repliesTo(own, sql)).toEqual(await repliesTo(live, sql));
    });
  },
);
