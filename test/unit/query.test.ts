// The query language of GlobalAlert: a table of queries and whether they hold.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery, QueryError } from '../../alerts/query/expression.ts';
import { createQuery } from '../../alerts/query/match.ts';
import { matchesPattern } from '../../alerts/query/pattern.ts';
import { parseRanges, type Ranges, size, subtract, union } from '../../alerts/query/ranges.ts';
import type { Value } from '../../alerts/query/record.ts';

const FIELDS: Record<string, Value> = {
  dest_namespace: 'tigera-internal',
  'dest_labels.labels': ['app=tigera-internal-app', 'pod-template-hash=7f9c'],
  dest_port: 22,
  dest_name: 'tigera-internal-app-28c85',
  source_namespace: 'shop',
  source_name_aggr: 'cart-7f9c6d6b8-*',
  source_ip: '10.244.3.17',
  reporter: 'dst',
  proto: 'tcp',
  bytes_in: 1500.5,
  num_flows: 3,
  empty: '',
  text_number: '0080',
};
const SETS = new Map([
  ['shops', ['shop', 'store*']],
  ['ports', ['22', '2222']],
]);

function holds(query: string, ports?: Ranges): boolean {
  return createQuery(parseQuery(query, SETS)).matches({
    get: (key) => FIELDS[key],
    ...(ports ? { portKey: 'dest_port', ports } : {}),
  });
}

describe('queries over one record', () => {
  it.each<[query: string, expected: boolean]>([
    ['', true],
    ['   ', true],
    ['dest_namespace = "tigera-internal"', true],
    ['dest_namespace="tigera-internal"', true],
    ['dest_namespace=tigera-internal', true],
    ["dest_namespace='tigera-internal'", true],
    ['"dest_namespace"="tigera-internal"', true],
    ['dest_namespace = "Tigera-Internal"', false],
    ['dest_namespace != "tigera-internal"', false],
    ['dest_namespace != other', true],
    ['nothing_there = "x"', false],
    ['nothing_there != "x"', true],
    ['NOT nothing_there = "x"', true],
    ['empty = ""', true],
    ['dest_port = 22', true],
    ['dest_port="22"', true],
    ['"dest_port"="22"', true],
    ['dest_port = 22.0', true],
    ['dest_port = 2', false],
    ['dest_port = 222', false],
    ['dest_port != 22', false],
    ['dest_port < 22', false],
    ['dest_port <= 22', true],
    ['dest_port > 21', true],
    ['dest_port >= 23', false],
    ['dest_port>=22', true],
    ['dest_port > "9"', true],
    ['bytes_in > 1500', true],
    ['bytes_in = 1500.5', true],
    ['bytes_in < -1', false],
    ['text_number = 80', true],
    ['dest_name > "tigera"', true],
    ['dest_name < "tigera"', false],
    ['"dest_labels.labels"="app=tigera-internal-app"', true],
    ['dest_labels.labels = "pod-template-hash=7f9c"', true],
    ['"dest_labels.labels" = "app=other"', false],
    ['"dest_labels.labels" != "app=tigera-internal-app"', false],
    ['"dest_labels.labels" != "app=other"', true],
    ['dest_namespace="tigera-internal" AND dest_port=22', true],
    ['dest_namespace="tigera-internal" and dest_port=23', false],
    ['dest_port=23 OR dest_port=22', true],
    ['dest_port=23 or reporter=src', false],
    ['dest_port=23 AND reporter=dst OR proto=tcp', true],
    ['dest_port=23 AND (reporter=dst OR proto=tcp)', false],
    ['proto=tcp OR dest_port=23 AND reporter=src', true],
    ['NOT dest_port=22', false],
    ['not dest_port=23 and proto=tcp', true],
    ['NOT (dest_port=23 OR proto=udp)', true],
    ['NOT NOT dest_port=22', true],
    ['((dest_port=22))', true],
    ['dest_port IN {22, 23}', true],
    ['dest_port in {"2222"}', false],
    ['dest_port NOTIN {22}', false],
    ['dest_port notin {80, 443}', true],
    ['dest_port NOT IN {22}', false],
    ['source_namespace IN {sh*}', true],
    ['source_namespace IN {"s?op"}', true],
    ['source_namespace IN {"s?p"}', false],
    ['source_namespace IN {other, "*"}', true],
    ['source_namespace NOTIN {kube-*, sh*}', false],
    ['source_name_aggr = "cart-7f9c6d6b8-*"', true],
    ['source_name_aggr = "cart-*"', false],
    ['source_ip IN {10.244.*}', true],
    ['"dest_labels.labels" IN {"app=*-app"}', true],
    ['source_namespace IN ${shops}', true],
    ['dest_port IN ${ports} AND source_namespace IN ${shops}', true],
    ['source_namespace NOTIN ${shops}', false],
    ['nothing_there IN {a}', false],
    ['nothing_there NOTIN {a}', true],
    ['dest_name = "tigera\\"x"', false],
    ['dest_namespace="tigera-internal"\n  AND\treporter="dst"', true],
  ])('%s → %s', (query, expected) => {
    expect(holds(query)).toBe(expected);
  });

  it.each([
    ['dest_port', /Expected/],
    ['dest_port =', /a value/],
    ['= 22', /Expected/],
    ['dest_port == 22', /Expected/],
    ['dest_port = 22 AND', /Expected/],
    ['(dest_port = 22', /Expected/],
    ['dest_port IN {}', /Expected/],
    ['dest_port IN ${missing}', /missing/],
    ['dest_port LIKE 22', /Expected/],
    [`${'('.repeat(100)}a=1${')'.repeat(100)}`, /nests deeper/],
    ['a=1 OR '.repeat(5_000), /16384/],
    [`${'NOT '.repeat(4_000)}a=1`, /nests too deep|./],
  ])('refuses %s with a message', (query, message) => {
    if (query.startsWith('NOT ')) expect(() => attempt(query)).not.toThrow();
    else {
      expect(() => parseQuery(query, SETS)).toThrow(QueryError);
      expect(() => parseQuery(query, SETS)).toThrow(message);
    }
  });
});

/** Either parses or says what is wrong; never anything else. */
function attempt(query: string): void {
  try {
    parseQuery(query);
  } catch (error) {
    expect(error).toBeInstanceOf(QueryError);
  }
}

describe('queries over a folded scan', () => {
  const anyPorts = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 20 })), { minLength: 1, maxLength: 6 })
    .map((pairs) =>
      union(
        pairs.map(([first, length]) => [first, first + length] as const),
        [],
      ),
    );
  const leaf = fc.oneof(
    fc
      .tuple(fc.constantFrom('=', '!=', '<', '<=', '>', '>='), fc.integer({ min: -2, max: 330 }))
      .map(([op, port]) => `dest_port ${op} ${port}`),
    fc
      .array(fc.integer({ min: 0, max: 330 }), { minLength: 1, maxLength: 4 })
      .map((ports) => `dest_port IN {${ports.join(', ')}}`),
    fc.constantFrom('dest_port NOTIN {2*, 15}', 'dest_port IN {1?}', 'proto = tcp', 'proto = udp', 'dest_port > 10.5'),
  );
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a} AND ${b})`),
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a} OR ${b})`),
      tie('tree').map((a) => `NOT (${a})`),
    ),
  }));

  it('answers for each port as if it stood in a row of its own', () => {
    fc.assert(
      fc.property(tree, anyPorts, (query, ports) => {
        const asked = createQuery(parseQuery(query));
        const found = asked.matchingPorts({ get: (key) => FIELDS[key], portKey: 'dest_port', ports }, ports);
        const single: number[] = [];
        for (const [first, last] of ports) {
          for (let port = first; port <= last; port++) {
            if (asked.matches({ get: (key) => (key === 'dest_port' ? port : FIELDS[key]) })) single.push(port);
          }
        }
        expect(
          found.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at)),
        ).toEqual(single);
      }),
      { numRuns: 500 },
    );
  });

  it('finds port 22 in a sweep of every port without writing the ports out', () => {
    expect(holds('dest_port="22"', parseRanges('1-65535'))).toBe(true);
    expect(holds('dest_port="22"', parseRanges('1-21,23-65535'))).toBe(false);
    expect(size(subtract(parseRanges('1-65535'), parseRanges('22')))).toBe(65_534);
  });
});

it('wildcards never take more than their product of lengths', () => {
  const text = 'a'.repeat(2_000);
  const started = performance.now();
  expect(matchesPattern(text, `${'*a'.repeat(500)}b`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(1_000);
});
