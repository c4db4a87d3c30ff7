// Transcripts of sessions with a live MySQL 9.7.4: one file a session, one line a statement, with every reply it gave.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ComparableReply } from './comparison.ts';

export interface TranscriptEntry {
  readonly sql: string;
  /** Absent where the reply moves with time or load: the statement is sent for what it does. */
  readonly replies?: readonly ComparableReply[];
}

export interface Transcript {
  readonly name: string;
  readonly entries: readonly TranscriptEntry[];
}

export const TRANSCRIPTS = join(import.meta.dirname, '..', '..', 'fixtures', 'db', 'transcripts');

export function readTranscripts(): Transcript[] {
  return readdirSync(TRANSCRIPTS)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .map((file) => ({
      name: basename(file, '.jsonl'),
      entries: readFileSync(join(TRANSCRIPTS, file), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as TranscriptEntry),
    }));
}

/** Text in quotes, comments and variables stays as it is; everything else may change. */
const FIXED = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|\/\*.*?\*\/|@@?[\w.]+/g;

/** The same statement with its words in the other case and the names this suite made up changed. */
export function reworded(sql: string): string {
  let at = 0;
  let out = '';
  const swap = (text: string) => text.replace(/[A-Za-z]+/g, (word) => otherCase(word));
  for (const found of sql.matchAll(FIXED)) {
    out += swap(sql.slice(at, found.index)) + found[0];
    at = found.index + found[0].length;
  }
  return (out + swap(sql.slice(at))).replace(/lab_(\w+)/gi, (_whole, rest: string) => `other_${rest.toLowerCase()}`);
}

/** Names of tables and columns tell their case, so only words in one case all through are keywords here. */
function otherCase(word: string): string {
  return word === word.toUpperCase() ? word.toLowerCase() : word;
}
