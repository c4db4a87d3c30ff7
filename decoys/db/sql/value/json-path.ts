// Paths into JSON documents: read, and followed.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json.html#json-path-syntax
import { sqlError } from '../errors.ts';
import { isContainer, type JsonData } from './json.ts';

interface Cell {
  readonly index: number;
  /** Counted from the last cell. */
  readonly last: boolean;
}

/** Steps of a path: a key, a cell, cells from one to another, or every member. */
export type PathStep =
  | { readonly key: string }
  | Cell
  | { readonly from: Cell; readonly to: Cell }
  | { readonly all: 'keys' | 'items' | 'deep' };

const PATH_CHARACTERS = 1024;
const SPACES = /^\s*/;
const KEY = /^(?:"((?:[^"\\]|\\.)*)"|([\p{L}_$][\p{L}\p{N}_$]*)|(\*))/u;
const CELL = /^(?:(\d{1,10})|last(?:\s*-\s*(\d{1,10}))?)/;

/** The steps, or the place in the text where it is no path. */
export function readPath(input: string): readonly PathStep[] | number {
  const text = input.slice(0, PATH_CHARACTERS);
  const skip = (from: number) => from + (SPACES.exec(text.slice(from)) as RegExpExecArray)[0].length;
  let at = skip(0);
  if (text[at] !== '$') return at >= text.length ? at : at + 1;
  at = skip(at + 1);
  const steps: PathStep[] = [];
  const cell = (): Cell | undefined => {
    const found = CELL.exec(text.slice(at));
    if (!found) return undefined;
    at = skip(at + found[0].length);
    return { index: Number(found[1] ?? found[2] ?? 0), last: found[1] === undefined };
  };
  while (at < text.length) {
    if (text.startsWith('**', at)) {
      at = skip(at + 2);
      if (text[at] !== '.' && text[at] !== '[' && text[at] !== '*') return at;
      steps.push({ all: 'deep' });
    } else if (text[at] === '.') {
      at = skip(at + 1);
      const found = KEY.exec(text.slice(at));
      if (!found) return at;
      at = skip(at + found[0].length);
      if (found[3]) steps.push({ all: 'keys' });
      else steps.push({ key: found[1] === undefined ? (found[2] as string) : unescaped(found[1]) });
    } else if (text[at] === '[') {
      at = skip(at + 1);
      if (text[at] === '*') {
        at = skip(at + 1);
        steps.push({ all: 'items' });
      } else {
        const from = cell();
        if (!from) return at;
        const ranged = /^to\s/.exec(text.slice(at));
        if (ranged) at = skip(at + 2);
        const to = ranged ? cell() : undefined;
        if (ranged && (!to || (from.last === to.last && (from.last ? from.index < to.index : from.index > to.index))))
          return at;
        steps.push(to ? { from, to } : from);
      }
      if (text[at] !== ']') return at;
      at = skip(at + 1);
    } else return at;
  }
  return steps;
}

function unescaped(key: string): string {
  try {
    return JSON.parse(`"${key}"`) as string;
  } catch {
    // An escape JSON has not stays as it was written.
    return key;
  }
}

/** Steps of a JSON path; undefined where it is none. */
export function parsePath(input: string): readonly PathStep[] | undefined {
  const read = readPath(input);
  return typeof read === 'number' ? undefined : read;
}

/** A step that may find more than one value. */
export function findsMany(step: PathStep): boolean {
  return 'all' in step || 'from' in step;
}

function members(data: JsonData): readonly JsonData[] {
  if (!isContainer(data)) return [];
  return Array.isArray(data) ? data : Object.values(data);
}

/** Takes a document and all it holds, each before what it holds; what was taken before is passed over. */
function takeDeep(data: JsonData, take: (member: JsonData) => boolean): void {
  if (take(data)) for (const member of members(data)) takeDeep(member, take);
}

const placeOf = ({ index, last }: Cell, length: number): number => (last ? length - 1 - index : index);

/** The first cell a step takes of so many, and the one past its last. */
function cellsOf(taken: Exclude<PathStep, { key: string } | { all: string }>, length: number): [number, number] {
  const [from, to] = 'from' in taken ? [taken.from, taken.to] : [taken, taken];
  return [Math.max(0, placeOf(from, length)), Math.max(0, placeOf(to, length) + 1)];
}

function step(data: JsonData, taken: PathStep): readonly JsonData[] {
  if ('key' in taken) {
    if (!isContainer(data) || Array.isArray(data)) return [];
    const object = data as { readonly [key: string]: JsonData };
    return Object.hasOwn(object, taken.key) ? [object[taken.key] as JsonData] : [];
  }
  if (!('all' in taken)) {
    const items = (Array.isArray(data) ? data : [data]) as readonly JsonData[];
    return items.slice(...cellsOf(taken, items.length));
  }
  if (taken.all === 'items') return Array.isArray(data) ? data : [];
  return Array.isArray(data) ? [] : members(data);
}

/** Members one path may look at in all: further ones cost too much. */
const LOOKED_AT = 200_000;

/** What a path finds, each array and object once however many ways lead to it. Throws 3024 where that takes too long. */
export function extract(data: JsonData, path: readonly PathStep[]): JsonData[] {
  let found: readonly JsonData[] = [data];
  let left = LOOKED_AT;
  for (const taken of path) {
    const next: JsonData[] = [];
    const seen = new Set<JsonData>();
    const take = (member: JsonData): boolean => {
      if (--left < 0) throw sqlError('ER_QUERY_TIMEOUT');
      if (isContainer(member)) {
        if (seen.has(member)) return false;
        seen.add(member);
      }
      next.push(member);
      return true;
    };
    for (const value of found) {
      if ('all' in taken && taken.all === 'deep') takeDeep(value, take);
      else for (const member of step(value, taken)) take(member);
    }
    found = next;
  }
  return [...found];
}

/** A key as a step of a path. */
export function keyStep(key: string): string {
  return `.${/^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key)}`;
}

type Placed = readonly [JsonData, string];

function membersAt([data, place]: Placed): Placed[] {
  if (!isContainer(data)) return [];
  if (Array.isArray(data)) return data.map((item, at): Placed => [item as JsonData, `${place}[${at}]`]);
  return Object.entries(data).map(([key, value]): Placed => [value, place + keyStep(key)]);
}

/** As `step`, each with its own path. A single value counts as its own first cell, under the same path. */
function placedStep(one: Placed, taken: PathStep): readonly Placed[] {
  const [data, place] = one;
  if ('key' in taken) return step(data, taken).map((value): Placed => [value, place + keyStep(taken.key)]);
  if ('all' in taken) return Array.isArray(data) === (taken.all === 'items') ? membersAt(one) : [];
  if (!Array.isArray(data)) return step(data, taken).map((value): Placed => [value, place]);
  const [first] = cellsOf(taken, data.length);
  return step(data, taken).map((value, at): Placed => [value, `${place}[${first + at}]`]);
}

/** What a path finds, each with the path that leads to it alone. Throws 3024 where that takes too long. */
export function placesOf(data: JsonData, path: readonly PathStep[]): Placed[] {
  let left = LOOKED_AT;
  let found: Placed[] = [[data, '$']];
  const take = (into: Placed[], one: Placed): void => {
    if (--left < 0) throw sqlError('ER_QUERY_TIMEOUT');
    into.push(one);
  };
  const deep = (into: Placed[], one: Placed): void => {
    take(into, one);
    for (const member of membersAt(one)) deep(into, member);
  };
  for (const taken of path) {
    const next: Placed[] = [];
    for (const one of found) {
      if ('all' in taken && taken.all === 'deep') deep(next, one);
      else for (const placed of placedStep(one, taken)) take(next, placed);
    }
    found = next;
  }
  return found;
}
