// What of a reply is compared with what a real MySQL 9.7.4 answered: everything but the persona's own values and what moves with time.
import type { WireReply } from './wire-reply.ts';

/** Rows recorded are cut to this many. */
export const ROWS_KEPT = 12;

/** What the persona says otherwise than the recorded server: version, comment, port, bind address, hostname, uuid, paths; and times. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/9\.7\.4-2|9\.7\.4/g, 'VERSION'],
  [/\(Debian\)|MySQL Community Server - GPL/g, 'COMMENT'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, 'UUID'],
  [/\/usr\/lib(64)?\/mysql\/plugin\//g, 'PLUGIN_DIR/'],
  [/\/usr\/share\/mysql(-9\.7)?\//g, 'SHARE_DIR/'],
  [/root@(127\.0\.0\.1|::1)/g, 'root@CLIENT'],
  [/\(errno:? ?\d* /g, '(errno N '],
  // Moments since the first transcripts were recorded move; those a statement names itself do not.
  [/20(?:2[6-9]|3[0-7])-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?/g, 'TIME'],
];

export function masked(text: string): string {
  return MASKS.reduce((done, [pattern, name]) => done.replace(pattern, name), text);
}

/** A reply in JSON with every date and time masked, as the older transcripts keep them. */
export function timeless(json: string): string {
  return json.replace(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?/g, 'TIME');
}

export interface ComparableReply {
  readonly error?: string;
  readonly ok?: string;
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly count?: number;
  readonly status?: string;
}

/** A reply as a transcript keeps it: small, ordered, masked. */
export function comparableReply({ error, ok, columns, rows = [], status, warnings }: WireReply): ComparableReply {
  return {
    ...(error && { error: `${error.code} ${error.sqlstate} ${masked(error.message)}` }),
    ...(ok && {
      ok: [ok.affected, ok.insertId, ok.status, ok.warnings, masked(ok.info ?? ''), ok.state ?? ''].join(' '),
    }),
    ...(columns && {
      columns: columns.map(
        ({ name, typeCode, charset, length, flags, decimals, schema, table, orgTable, orgName }) =>
          `${name} ${[typeCode, charset, length, flags, decimals].join('/')} ${[schema, table, orgTable, orgName].map((part) => part ?? '').join('.')}`,
      ),
      rows: rows.slice(0, ROWS_KEPT).map((row) => row.map((cell) => (cell === null ? null : masked(cell)))),
      count: rows.length,
      status: `${status ?? ''} ${warnings ?? ''}`,
    }),
  };
}

const MORE_RESULTS = 8;

interface Asker {
  readonly query: (sql: string) => Promise<WireReply>;
  readonly reply: () => Promise<WireReply>;
}

/** Every reply to one statement: a CALL has several. */
export async function repliesTo(client: Asker, sql: string): Promise<ComparableReply[]> {
  const replies: ComparableReply[] = [];
  for (let reply = await client.query(sql); ; reply = await client.reply()) {
    replies.push(comparableReply(reply));
    const more = ((reply.ok?.status ?? reply.status ?? 0) & MORE_RESULTS) !== 0;
    if (reply.error || !more) return replies;
  }
}
