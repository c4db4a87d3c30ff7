// A query made into a function once, when its rule is loaded: what does not depend on the record is decided there, not for each touch.
import type { Comparator, Expression } from './expression.ts';
import { matchesPattern, NUMBER } from './pattern.ts';
import type { QueryRecord, Value } from './record.ts';

type Item = string | number | boolean;
type Test = (item: Item) => boolean;

/** Whether the query holds for a record whose ports, if it has any, are the one in its field. */
export function compileQuery(tree: Expression): (record: QueryRecord) => boolean {
  switch (tree.op) {
    case 'all':
      return () => true;
    case 'and': {
      const terms = tree.terms.map(compileQuery);
      return (record) => {
        for (const term of terms) if (!term(record)) return false;
        return true;
      };
    }
    case 'or': {
      const terms = tree.terms.map(compileQuery);
      return (record) => {
        for (const term of terms) if (term(record)) return true;
        return false;
      };
    }
    case 'not': {
      const term = compileQuery(tree.term);
      return (record) => !term(record);
    }
    case 'compare': {
      const { key } = tree;
      // A record without the field differs from every value, as a document store answers.
      const test = comparison(tree.comparator === '!=' ? '=' : tree.comparator, tree.value);
      return tree.comparator === '!='
        ? (record) => !some(record.get(key), test)
        : (record) => some(record.get(key), test);
    }
    case 'in': {
      const { key, negated } = tree;
      const test = among('values' in tree.values ? tree.values.values : []);
      return (record) => some(record.get(key), test) !== negated;
    }
  }
}

function some(value: Value, test: Test): boolean {
  if (value === undefined) return false;
  if (typeof value === 'object') return value.some(test);
  return test(value);
}

const ORDERED: Readonly<Record<Comparator, <T extends string | number>(a: T, b: T) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Numbers where both sides read as numbers, text otherwise. */
function comparison(comparator: Comparator, wanted: string): Test {
  const holds = ORDERED[comparator];
  if (!NUMBER.test(wanted)) {
    if (comparator === '=') return (item) => item === wanted || (typeof item !== 'string' && String(item) === wanted);
    return (item) => holds(String(item), wanted);
  }
  const number = Number(wanted);
  return (item) => {
    if (typeof item === 'number') return holds(item, number);
    const text = String(item);
    return NUMBER.test(text) ? holds(Number(text), number) : holds(text, wanted);
  };
}

function among(values: readonly string[]): Test {
  const texts = new Set(values.filter((value) => !/[*?]/.test(value)));
  const numbers = new Set(values.filter((value) => NUMBER.test(value)).map(Number));
  const patterns = values.filter((value) => /[*?]/.test(value)).map(patternTest);
  return (item) => {
    const text = typeof item === 'string' ? item : String(item);
    if (texts.has(text)) return true;
    if (numbers.size > 0 && (typeof item === 'number' || NUMBER.test(text)) && numbers.has(Number(item))) return true;
    for (const fits of patterns) if (fits(text)) return true;
    return false;
  };
}

/** The forms most patterns have need no walk over the text in our own steps: `*part*`, `part*`, `*part`. */
function patternTest(pattern: string): (text: string) => boolean {
  const head = pattern.startsWith('*');
  const tail = pattern.length > 1 && pattern.endsWith('*');
  const part = pattern.slice(head ? 1 : 0, tail ? -1 : undefined);
  if (/[*?]/.test(part)) return (text) => matchesPattern(text, pattern);
  if (head && tail) return (text) => text.includes(part);
  if (tail) return (text) => text.startsWith(part);
  return (text) => text.endsWith(part);
}
