// Which records a rule's query holds for. Where a record stands for many destination ports (a folded scan) the answer is which of them match.
import type { Comparator, Expression } from './expression.ts';
import { matchesPattern, NUMBER } from './pattern.ts';
import { intersect, type Range, type Ranges, subtract, union } from './ranges.ts';
import type { QueryRecord } from './record.ts';
import { compileQuery } from './test.ts';

export interface Query {
  /** Whether the record matches; with `ports`, whether any of them does. */
  matches(record: QueryRecord): boolean;
  /** The ports among these for which the query holds. */
  matchingPorts(record: QueryRecord, ports: Ranges): Ranges;
}

type PortsOf = (record: QueryRecord, ports: Ranges) => Ranges;

export function createQuery(tree: Expression): Query {
  const holds = compileQuery(tree);
  const matchingPorts = compilePorts(tree);
  return {
    matches(record) {
      const { ports, portKey } = record;
      if (!ports) return holds(record);
      // One port that is the field's own value needs no sets; that is most records.
      const [first] = ports;
      const isOne = first !== undefined && ports.length === 1 && first[0] === first[1];
      if (isOne && portKey !== undefined && record.get(portKey) === first[0]) return holds(record);
      return matchingPorts(record, ports).length > 0;
    },
    matchingPorts,
  };
}

function compilePorts(tree: Expression): PortsOf {
  switch (tree.op) {
    case 'all':
      return (_, ports) => ports;
    case 'and': {
      const terms = tree.terms.map(compilePorts);
      return (record, ports) => terms.reduce((left, term) => (left.length ? term(record, left) : left), ports);
    }
    case 'or': {
      const terms = tree.terms.map(compilePorts);
      return (record, ports) => terms.reduce<Ranges>((left, term) => union(left, term(record, ports)), []);
    }
    case 'not': {
      const term = compilePorts(tree.term);
      return (record, ports) => subtract(ports, term(record, ports));
    }
    case 'compare': {
      const { key, comparator, value } = tree;
      return byPort(tree, key, (ports) =>
        comparator === '!='
          ? subtract(ports, portsFor('=', value, ports))
          : intersect(ports, portsFor(comparator, value, ports)),
      );
    }
    case 'in': {
      const values = 'values' in tree.values ? tree.values.values : [];
      return byPort(tree, tree.key, (ports) => {
        const inside = values.reduce<Ranges>((left, value) => union(left, portsFor('=', value, ports)), []);
        return tree.negated ? subtract(ports, inside) : intersect(ports, inside);
      });
    }
  }
}

/** Where the key is not that of the ports, all of them share the answer. */
function byPort(tree: Expression, key: string, among: (ports: Ranges) => Ranges): PortsOf {
  const holds = compileQuery(tree);
  return (record, ports) => (key === record.portKey ? among(ports) : holds(record) ? ports : []);
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
