// The headers of a request as a list and as a map, made from marks once the request is whole: until then a slow client costs us its
// bytes and nothing more.

export interface Header {
  readonly name: string;
  readonly value: string;
  /** nginx reads over it. */
  readonly odd: boolean;
}

export interface HeaderList {
  /** In the order sent, ignored ones too. */
  readonly headers: readonly Header[];
  /** Value by lowercased name; where a name repeats, the one nginx goes by. */
  readonly known: ReadonlyMap<string, string>;
}

/** Numbers a line has in the marks: where its name and value start and end, and 1 where it is odd. */
const MARKS_A_LINE = 5;

const WISH = /close|keep-alive/i;

export function listHeaders(bytes: Buffer, marks: readonly number[]): HeaderList {
  const headers: Header[] = [];
  const known = new Map<string, string>();
  // One text for all, cut up: a call into the runtime for each name and value costs more than the rest of the reading.
  const from = marks[0] ?? 0;
  const text = bytes.toString('latin1', from, marks.at(-2) ?? 0);
  for (let at = 0; at < marks.length; at += MARKS_A_LINE) {
    const name = text.slice(marks[at]! - from, marks[at + 1]! - from);
    const value = text.slice(marks[at + 2]! - from, marks[at + 3]! - from);
    const odd = marks[at + 4] === 1;
    headers.push({ name, value, odd });
    if (odd) continue;
    const key = name.toLowerCase();
    // Of a header that repeats nginx goes by the first; a wish it understands for the connection replaces the one before.
    if (!known.has(key) || (key === 'connection' && WISH.test(value))) known.set(key, value);
  }
  return { headers, known };
}
