// Words and signs of XPath as the server tells them apart: only a name right before a parenthesis is a function's.
// Source: https://dev.mysql.com/doc/refman/9.7/en/xml-functions.html (XPath limitations); tokens as answered by a live 9.7.4.

/** Longest path read, in characters. */
const PATH_CHARACTERS = 65_536;

const AXES: ReadonlySet<string> = new Set([
  'ancestor-or-self',
  'ancestor',
  'attribute',
  'child',
  'descendant-or-self',
  'descendant',
  'following-sibling',
  'following',
  'namespace',
  'parent',
  'preceding-sibling',
  'preceding',
  'self',
]);

/** Functions, and the fewest and most arguments of each. */
export const FUNCTIONS: Readonly<Record<string, readonly [number, number]>> = {
  last: [0, 0],
  position: [0, 0],
  true: [0, 0],
  false: [0, 0],
  not: [1, 1],
  boolean: [1, 1],
  number: [1, 1],
  sum: [1, 1],
  count: [1, 1],
  floor: [1, 1],
  ceiling: [1, 1],
  round: [1, 1],
  'string-length': [0, 1],
  substring: [2, 3],
  contains: [2, 2],
  concat: [2, 255],
};
const NODE_TESTS: ReadonlySet<string> = new Set(['text', 'node', 'comment', 'processing-instruction']);

export type Kind = 'name' | 'function' | 'test' | 'axis' | 'number' | 'string' | 'sign' | 'end' | 'unknown';

export interface Token {
  readonly kind: Kind;
  readonly text: string;
  readonly start: number;
  /** Where the next may begin. */
  readonly end: number;
}

const NAME = /[A-Za-z_\u0080-\u{10ffff}][\w.\u0080-\u{10ffff}-]*/uy;
const DIGITS = /[0-9]+(?:\.[0-9]*)?/y;
const LONG_SIGNS = ['..', '//'];
const SIGNS = '()[]/.,@|$*+-=!<>:';

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

/** The token at or behind `at`; blanks alone stand between tokens. */
export function tokenAt(source: string, at: number): Token {
  let start = at;
  while (source[start] === ' ') start++;
  const made = (kind: Kind, text: string, length = text.length): Token => ({ kind, text, start, end: start + length });
  const first = source[start];
  if (first === undefined || start >= PATH_CHARACTERS) return made('end', '');
  const name = match(NAME, source, start);
  if (name !== undefined) return wordOf(source, name, start + name.length, made);
  const digits = match(DIGITS, source, start);
  if (digits !== undefined) return made('number', digits);
  if (first === '"' || first === "'") {
    const close = source.indexOf(first, start + 1);
    return close < 0 ? made('unknown', first, 0) : made('string', source.slice(start + 1, close), close + 1 - start);
  }
  const long = LONG_SIGNS.find((sign) => source.startsWith(sign, start));
  if (long) return made('sign', long);
  return SIGNS.includes(first) ? made('sign', first) : made('unknown', first, 0);
}

function wordOf(
  source: string,
  name: string,
  behind: number,
  made: (kind: Kind, text: string, length?: number) => Token,
): Token {
  if (source.startsWith('::', behind) && AXES.has(name)) return made('axis', name, name.length + 2);
  if (source[behind] !== '(') return made('name', name);
  if (NODE_TESTS.has(name)) return made('test', name);
  return made(Object.hasOwn(FUNCTIONS, name) ? 'function' : 'name', name);
}
