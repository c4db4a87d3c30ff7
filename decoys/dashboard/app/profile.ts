// A small profile in pprof's protobuf form (profile.proto of google/pprof), gzip'd: enough for `go tool pprof -top` to show a table.
import { type BaitFacts, BUILD } from '../facts.ts';
import type { Motion } from './motion.ts';

export type ProfileKind = 'cpu' | 'heap' | 'goroutine';

const TYPES: Readonly<Record<ProfileKind, readonly (readonly [type: string, unit: string])[]>> = {
  cpu: [
    ['samples', 'count'],
    ['cpu', 'nanoseconds'],
  ],
  heap: [
    ['alloc_objects', 'count'],
    ['alloc_space', 'bytes'],
    ['inuse_objects', 'count'],
    ['inuse_space', 'bytes'],
  ],
  goroutine: [['goroutine', 'count']],
};

const FUNCTIONS = [
  'runtime.mallocgc',
  'encoding/json.(*encodeState).marshal',
  'platform/dashboard/internal/collect.(*Loop).run',
  'platform/dashboard/internal/store.(*MySQL).query',
  'net/http.(*conn).serve',
  'main.main',
] as const;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  while (left >= 0x80) {
    bytes.push((left % 0x80) | 0x80);
    left = Math.floor(left / 0x80);
  }
  bytes.push(left);
  return bytes;
}

/** A number field; wire type 0. */
function number(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}

/** Bytes, a message or a packed list; wire type 2. */
function block(field: number, content: readonly number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(content.length), ...content];
}

export function encodeProfile(kind: ProfileKind, facts: BaitFacts, motion: Motion): Buffer {
  const strings: string[] = [''];
  const index = (text: string) => {
    const known = strings.indexOf(text);
    if (known !== -1) return known;
    strings.push(text);
    return strings.length - 1;
  };
  const out: number[] = [];
  const types = TYPES[kind];
  for (const [type, unit] of types) out.push(...block(1, [...number(1, index(type)), ...number(2, index(unit))]));
  FUNCTIONS.forEach((_name, at) => {
    const stack = FUNCTIONS.slice(at).flatMap((_inner, depth) => varint(at + depth + 1));
    const values = types.flatMap((_type, place) =>
      varint((motion.requests % 97) * (place * 4_096 + 1) + (at + 1) * 512),
    );
    out.push(...block(2, [...block(1, stack), ...block(2, values)]));
  });
  out.push(
    ...block(3, [...number(1, 1), ...number(2, 0x400000), ...number(3, 0x9f2000), ...number(5, index(BUILD.binary))]),
  );
  FUNCTIONS.forEach((name, at) => {
    const line = [...number(1, at + 1), ...number(2, 30 + at * 7)];
    out.push(
      ...block(4, [
        ...number(1, at + 1),
        ...number(2, 1),
        ...number(3, 0x401000 + facts.number(`pc ${name}`, 0x3fe000)),
        ...block(4, line),
      ]),
    );
  });
  FUNCTIONS.forEach((name, at) => {
    const file = index(`${name.split('.')[0]}.go`);
    out.push(
      ...block(5, [...number(1, at + 1), ...number(2, index(name)), ...number(3, index(name)), ...number(4, file)]),
    );
  });
  const period = types.at(-1)!;
  const tail = [
    ...block(11, [...number(1, index(period[0])), ...number(2, index(period[1]))]),
    ...number(12, 10_000_000),
  ];
  for (const text of strings) out.push(...block(6, [...Buffer.from(text)]));
  // Loaded by who asks for a profile: the decoy that nobody asks is a megabyte smaller.
  return process.getBuiltinModule('node:zlib').gzipSync(Buffer.from([...out, ...tail]));
}
