// The filter of the table: words of a URL's query → a condition in SQL with its values. Pure; nothing a user types becomes SQL text.
import { FACETS, SEVERITIES } from './api.ts';

const QUERY_CHARS = 200;
const WORDS = 8;
const CHOICES = 32;

export interface Condition {
  readonly where: string;
  readonly values: readonly (string | number)[];
  readonly order: string;
}

/** Has a partial index of the same words (tables.ts). */
export const ACTIVE = "dismissed_ms IS NULL AND exception = '' AND kind != 'self-test'";

/** What `state=` may be; `active` is what still needs somebody's eyes. */
export const STATES: Readonly<Record<string, string>> = {
  active: ACTIVE,
  open: "state = 'open'",
  closed: "state = 'closed'",
  dismissed: 'dismissed_ms IS NOT NULL',
  excepted: "exception != ''",
  'self-test': "kind = 'self-test'",
  all: '1',
};

/** What `sort=` may be. */
export const SORTS: Readonly<Record<string, string>> = {
  last: 'end_ms',
  first: 'start_ms',
  severity: 'severity',
  rule: 'rule',
  source: 'namespace, name, ip',
  decoy: 'decoy',
  count: 'count',
  state: 'state',
};

/** Words of the search box that name a field, `ip:10.0.`; the value is looked for anywhere in it. */
const FIELDS: Readonly<Record<string, string>> = {
  ip: 'ip',
  pod: 'name',
  name: 'name',
  namespace: 'namespace',
  ns: 'namespace',
  owner: 'owner',
  node: 'node',
  rule: 'rule',
  alert: 'rule',
  decoy: 'decoy',
  confidence: 'confidence',
  source: 'source_key',
};

export function conditionFrom(query: URLSearchParams, nowMs: number): Condition {
  const terms: string[] = [wordOf(STATES, query.get('state'), ACTIVE)];
  const values: (string | number)[] = [];
  for (const facet of FACETS) {
    const chosen = query.getAll(facet).slice(0, CHOICES);
    if (chosen.length === 0) continue;
    terms.push(`${facet} IN (${chosen.map(() => '?').join(', ')})`);
    values.push(...chosen);
  }
  const severities = query.getAll('severity').slice(0, SEVERITIES.length);
  if (severities.length > 0) {
    const bands = severities.flatMap((name) => {
      const at = SEVERITIES.findIndex((band) => band.name === name);
      return at < 0 ? [] : [{ from: SEVERITIES[at]!.from, below: SEVERITIES[at - 1]?.from ?? 101 }];
    });
    terms.push(bands.length ? `(${bands.map(() => '(severity >= ? AND severity < ?)').join(' OR ')})` : '0');
    values.push(...bands.flatMap(({ from, below }) => [from, below]));
  }
  const since = Number(query.get('since'));
  if (since > 0) {
    terms.push('end_ms >= ?');
    values.push(nowMs - since);
  }
  for (const word of (query.get('q') ?? '').slice(0, QUERY_CHARS).toLowerCase().split(/\s+/).slice(0, WORDS)) {
    if (word === '') continue;
    const colon = word.indexOf(':');
    const field = colon > 0 ? wordOf(FIELDS, word.slice(0, colon), '') : '';
    const value = field === '' ? word : word.slice(colon + 1);
    if (value === '') continue;
    terms.push(
      field === ''
        ? 'instr((SELECT search FROM page_texts t WHERE t.id = page_events.id), ?) > 0'
        : `instr(lower(${field}), ?) > 0`,
    );
    values.push(value);
  }
  const sort = wordOf(SORTS, query.get('sort'), 'end_ms');
  const direction = query.get('order') === 'asc' ? 'ASC' : 'DESC';
  const keys = sort.split(', ').map((key) => `${key} ${direction}`);
  const order = [...keys, ...(sort === 'end_ms' ? [] : ['end_ms DESC']), `id ${direction}`].join(', ');
  // No parentheses round the first: the words of a partial index have to stand as they are.
  return { where: terms.join(' AND '), values, order };
}

/** The SQL a word stands for; never what every object inherits ("toString"). */
function wordOf(words: Readonly<Record<string, string>>, word: string | null, fallback: string): string {
  return word !== null && Object.hasOwn(words, word) ? (words[word] ?? fallback) : fallback;
}
