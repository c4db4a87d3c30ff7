// Evaluates a query over one record. Where the record stands for many destination ports (a folded scan) the answer is which of them match.
import type { Comparator, Expression } from './expression.ts';
import { intersect, type Range, type Ranges, subtract, union } from './ranges.ts';

export type Value = string | number | boolean | readonly (string | number)[] | undefined;

export interface QueryRecord {
  /** A field by its dotted name; undefined where the record has none. */
  get(key: string): Value;
  /** The key whose value is one of `ports`, and those ports; absent where the record has a single port or none. */
  readonly portKey?: string;
  readonly ports?: Ranges;
}

/** Whether the record matches; with `ports`, whether any of them does. */
export function matches(tree: Expression, record: QueryRecord): boolean {
  const { ports, portKey } = record;
  if (!ports) return holds(tree, record);
  // One port that is the field's own value needs no sets; that is most records.
  const isOne = ports.length === 1 && ports[0]![0] === ports[0]![1] && portKey && record.get(portKey) === ports[0]![0];
  return isOne ? holds(tree, record) : matchingPorts(tree, record, ports).length > 0;
}

/** The ports of the record for which the query holds. */
export function matchingPorts(tree: Expression, record: QueryRecord, ports: Ranges): Ranges {
  switch (tree.op) {
    case 'all':
      return ports;
    case 'and':
      return tree.terms.reduce<Ranges>((left, term) => (left.length ? matchingPorts(term, record, left) : left), ports);
    case 'or':
      return tree.terms.reduce<Ranges>((left, term) => union(left, matchingPorts(term, record, ports)), []);
    case 'not':
      return subtract(ports, matchingPorts(tree.term, record, ports));
    case 'compare':
      if (tree.key !== record.portKey) return holds(tree, record) ? ports : [];
      return tree.comparator === '!='
        ? subtract(ports, portsFor('=', tree.value, ports))
        : intersect(ports, portsFor(tree.comparator, tree.value, ports));
    case 'in': {
      if (tree.key !== record.portKey) return holds(tree, record) ? ports : [];
      const inside = valuesOf(tree).reduce<Ranges>((left, value) => union(left, portsFor('=', value, ports)), []);
      return tree.negated ? subtract(ports, inside) : intersect(ports, inside);
    }
  }
}

function holds(tree: Expression, record: QueryRecord): boolean {
  switch (tree.op) {
    case 'all':
      return true;
    case 'and':
      return tree.terms.every((term) => holds(term, record));
    case 'or':
      return tree.terms.some((term) => holds(term, record));
    case 'not':
      return !holds(tree.term, record);
    case 'compare': {
      const value = record.get(tree.key);
      // A record without the field differs from every value, as a document store answers.
      if (tree.comparator === '!=') return !some(value, (item) => compare(item, '=', tree.value));
      return some(value, (item) => compare(item, tree.comparator, tree.value));
    }
    case 'in':
      return (
        some(record.get(tree.key), (item) =>
          valuesOf(tree).some((value) => matchesPattern(String(item), value) || compare(item, '=', value)),
        ) !== tree.negated
      );
  }
}

function valuesOf(tree: Extract<Expression, { op: 'in' }>): readonly string[] {
  return 'values' in tree.values ? tree.values.values : [];
}

function some(value: Value, test: (item: string | number | boolean) => boolean): boolean {
  if (value === undefined) return false;
  return Array.isArray(value) ? value.some(test) : test(value as string | number | boolean);
}

const NUMBER = /^[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})(e[+-]?\d{1,3})?$/i;

/** Numbers where both sides read as numbers, text otherwise. */
function compare(item: string | number | boolean, comparator: Comparator, wanted: string): boolean {
  const text = String(item);
  if ((typeof item === 'number' || NUMBER.test(text)) && NUMBER.test(wanted))
    return ordered(Number(item), comparator, Number(wanted));
  return ordered(text, comparator, wanted);
}

function ordered<T extends string | number>(a: T, comparator: Comparator, b: T): boolean {
  switch (comparator) {
    case '=':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

/** The ports `port comparator value` holds for; a wildcard is tried on each of the ports there are. */
function portsFor(comparator: Comparator, value: string, ports: Ranges): Ranges {
  if (NUMBER.test(value)) {
    const number = Number(value);
    const [floor, ceil] = [Math.floor(number), Math.ceil(number)];
    const bounds: Record<Exclude<Comparator, '!='>, Range> = {
      '=': floor === number ? [number, number] : [1, 0],
      '<': [0, ceil - 1],
      '<=': [0, floor],
      '>': [floor + 1, 65_535],
      '>=': [ceil, 65_535],
    };
    const [first, last] = bounds[comparator as Exclude<Comparator, '!='>];
    return first <= last ? [[first, last]] : [];
  }
  if (comparator !== '=' || !/[*?]/.test(value)) return [];
  const found: Range[] = [];
  for (const [first, last] of ports) {
    for (let port = first; port <= last; port++) if (matchesPattern(String(port), value)) found.push([port, port]);
  }
  return union(found, []);
}

/** `*` stands for any run of characters, `?` for one; two positions and no backtracking stack, so time is at most |text|·|pattern|. */
export function matchesPattern(text: string, pattern: string): boolean {
  let t = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      t++;
      p++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
