// A developer's tool: sends every statement of a file to two fresh sessions of a live MySQL 9.7 and to the built decoy, and
// writes the transcript. Replies that are not the same on both live sessions move with time and are left out; so are those
// the decoy does not give yet, which are printed.
// Run: node test/protocol/db/record-transcripts.ts host:port decoy-port statements.sql NAME
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repliesTo } from './comparison.ts';
import { TRANSCRIPTS } from './transcripts.ts';
import { WireClient } from './wire-client.ts';

const [address = '', decoyPort = '', source = '', name = ''] = process.argv.slice(2);
const [host = '', port = ''] = address.split(':');
const statements = readFileSync(source, 'utf8')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '');

async function session(at: number, onHost: string): Promise<string[]> {
  const client = await WireClient.session(at, { host: onHost });
  const replies: string[] = [];
  for (const sql of statements) {
    try {
      replies.push(JSON.stringify(await repliesTo(client, sql)));
    } catch (error) {
      throw new Error(`${sql}: ${String(error)}`);
    }
  }
  client.socket.destroy();
  return replies;
}

const first = await session(Number(port), host);
const second = await session(Number(port), host);
const own = await session(Number(decoyPort), '127.0.0.1');
let differing = 0;
const lines = statements.map((sql, at) => {
  const steady = first[at] === second[at];
  if (steady && own[at] === first[at]) return `{"sql":${JSON.stringify(sql)},"replies":${first[at]}}`;
  if (steady) {
    differing++;
    process.stdout.write(
      `${sql.slice(0, 160)}\n  live  ${first[at]?.slice(0, 400)}\n  decoy ${own[at]?.slice(0, 400)}\n`,
    );
  }
  return JSON.stringify({ sql });
});
writeFileSync(join(TRANSCRIPTS, `${name}.jsonl`), `${lines.join('\n')}\n`);
process.stdout.write(`${name}: ${statements.length} statements, ${differing} answered otherwise\n`);
process.exit(0);
