// EXTRACTVALUE and UPDATEXML: paths of plain names over small documents; what is no XPath is error 1105.
// Source: https://dev.mysql.com/doc/refman/9.7/en/xml-functions.html; places of the errors as answered by a live 9.7.4.
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { type SqlType, textType } from '../value/type.ts';
import { toText, type Value } from '../value/value.ts';
import type { FunctionTable } from './function.ts';

const SHOWN_CHARACTERS = 32;
/** Longest document read; a longer one holds nothing. */
const DOCUMENT_CHARACTERS = 65_536;
const DEPTH = 64;
/** What looking through all that is inside one element costs, in steps. */
const DEEP_STEPS = 32;

type XmlNode = XmlElement | string;

interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlNode[];
  /** Where it stands in the document. */
  readonly start: number;
  end: number;
}

interface Step {
  readonly axis: 'child' | 'deep' | 'attribute';
  readonly name: string;
  readonly place: number | undefined;
}

interface Path {
  readonly count: boolean;
  readonly steps: readonly Step[];
}

/** Characters that begin no token of an XPath: the text from one of them on is what the error shows. */
function fail(path: string, at: number): never {
  throw sqlError('ER_XPATH', path.slice(at, at + SHOWN_CHARACTERS));
}

const NAME = /[\p{L}_][\p{L}\p{N}_.-]*/uy;

function nameAt(path: string, at: number): string {
  NAME.lastIndex = at;
  return NAME.exec(path)?.[0] ?? '';
}

/** Reads a path. Throws 1105 with the text from the first place that is no XPath. */
function parsePath(source: string): Path {
  const counted = /^\s*count\s*\(([^)]*)\)\s*$/.exec(source.slice(0, 1_024));
  const path = counted ? (counted[1] as string) : source;
  let at = 0;
  const steps: Step[] = [];
  const skip = () => {
    while (path[at] === ' ' || path[at] === '\t' || path[at] === '\n') at++;
  };
  skip();
  if (at >= path.length) fail(path, at);
  for (;;) {
    let axis: Step['axis'] = 'child';
    if (path.startsWith('//', at)) {
      axis = 'deep';
      at += 2;
    } else if (path[at] === '/') at++;
    else if (steps.length > 0) break;
    skip();
    if (path[at] === '@') {
      axis = 'attribute';
      at++;
    }
    const name = path[at] === '*' ? '*' : path[at] === '.' ? '.' : nameAt(path, at);
    if (name === '') {
      if (steps.length === 0 && axis === 'child' && path[at - 1] === '/' && at >= path.length) break;
      fail(path, steps.length === 0 && at === 0 ? 0 : at);
    }
    at += name.length;
    if (name === 'text' && path.startsWith('()', at)) {
      at += 2;
      break;
    }
    skip();
    const place = placeAt(path, at);
    if (place) at += place[0].length;
    if (path[at] === '[') fail(path, path.length);
    steps.push({ axis, name, place: place ? Number(place[1]) : undefined });
    skip();
    if (path[at] === '|') break;
  }
  skip();
  if (at < path.length && path[at] !== '|') fail(path, at);
  return { count: counted !== null, steps };
}

function placeAt(path: string, at: number): RegExpExecArray | null {
  return /^\[\s*(\d{1,6})\s*\]/.exec(path.slice(at, at + 16));
}

const TAG = /<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]{0,1024}"|'[^']{0,1024}'))*)\s*(\/?)>/y;

/** The elements of a document; undefined where it is not well formed. */
function parseDocument(text: string, x: Execution): XmlElement | undefined {
  if (text.length > DOCUMENT_CHARACTERS) return undefined;
  x.spend(1 + (text.length >> 4));
  const root: XmlElement = { name: '', attributes: new Map(), children: [], start: 0, end: text.length };
  const open = [root];
  for (let at = 0; at < text.length; ) {
    const parent = open.at(-1) as XmlElement;
    const next = text.indexOf('<', at);
    if (next < 0 || next > at) {
      parent.children.push(text.slice(at, next < 0 ? text.length : next));
      at = next < 0 ? text.length : next;
      continue;
    }
    TAG.lastIndex = at;
    const tag = TAG.exec(text);
    if (!tag) return undefined;
    const [whole, closing, name, attributes, empty] = tag as unknown as [string, string, string, string, string];
    at += whole.length;
    if (closing) {
      if (parent.name !== name || open.length === 1) return undefined;
      parent.end = at;
      open.pop();
      continue;
    }
    const element = { name, attributes: attributesOf(attributes), children: [], start: at - whole.length, end: at };
    parent.children.push(element);
    if (!empty) open.push(element);
    if (open.length > DEPTH) return undefined;
  }
  return open.length === 1 ? root : undefined;
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/([\w:.-]+)\s*=\s*["']([^"']*)["']/g))
    found.set(name as string, value as string);
  return found;
}

function descendants(element: XmlElement): XmlElement[] {
  return element.children.flatMap((child) => (typeof child === 'string' ? [] : [child, ...descendants(child)]));
}

function step(elements: readonly XmlElement[], taken: Step): XmlElement[] {
  if (taken.name === '.') return [...elements];
  const found = elements.flatMap((element) => {
    const pool =
      taken.axis === 'deep'
        ? descendants(element)
        : element.children.filter((child): child is XmlElement => typeof child !== 'string');
    const named = pool.filter((child) => taken.name === '*' || child.name === taken.name);
    return taken.place === undefined ? named : named.slice(taken.place - 1, taken.place);
  });
  // Elements inside each other find the same ones again.
  return taken.axis === 'deep' ? [...new Set(found)] : found;
}

function textOf(element: XmlElement): string {
  return element.children.filter((child) => typeof child === 'string').join(' ');
}

function find(root: XmlElement, path: Path, x: Execution): XmlElement[] {
  return path.steps
    .filter((taken) => taken.axis !== 'attribute')
    .reduce<XmlElement[]>(
      (elements, taken) => {
        x.spend(elements.length * (taken.axis === 'deep' ? DEEP_STEPS : 1) + 1);
        return step(elements, taken);
      },
      [root],
    );
}

function extractValue(root: XmlElement, path: Path, x: Execution): string {
  const found = find(root, path, x);
  if (path.count) return String(found.length);
  const attribute = path.steps.at(-1);
  if (attribute?.axis === 'attribute')
    return found.flatMap((element) => element.attributes.get(attribute.name) ?? []).join(' ');
  return found
    .map(textOf)
    .filter((text) => text !== '')
    .join(' ');
}

const BROKEN = "parse error at line 1 pos %s: END-OF-INPUT unexpected ('>' wanted)";

/** The document's root; NULL with warning 1525 where it is not well formed. */
function documentOf(value: Value, x: Execution): XmlElement | undefined {
  const text = toText(value) as string;
  const root = parseDocument(text, x);
  if (!root) x.warn('ER_WRONG_VALUE', 'XML', BROKEN.replace('%s', String(text.length + 1)));
  return root;
}

function checkPath(path: Value | undefined): void {
  if (path !== undefined && path !== null) parsePath(toText(path) as string);
}

const longText = (characters: number) => (): SqlType => ({ ...textType(characters), type: 251 });

export const XML_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  EXTRACTVALUE: {
    args: [2, 2],
    strict: true,
    type: longText(16_777_216),
    check: ([, path]) => checkPath(path),
    evaluate: ([document, path], x) => {
      const parsed = parsePath(toText(path as Value) as string);
      const root = documentOf(document as Value, x);
      return root ? extractValue(root, parsed, x) : null;
    },
  },
  UPDATEXML: {
    args: [3, 3],
    strict: true,
    // As many bytes as there may be, in characters of the set the arguments share.
    type: (args) => {
      const narrow = args.some((type) => type.collation.startsWith('utf8mb3'));
      return longText(narrow ? 12_582_912 : 16_777_216)();
    },
    check: ([, path]) => checkPath(path),
    evaluate: ([document, path, replacement], x) => {
      const parsed = parsePath(toText(path as Value) as string);
      const root = documentOf(document as Value, x);
      if (!root) return null;
      const text = toText(document as Value) as string;
      const found = find(root, parsed, x);
      const [only] = found;
      if (found.length !== 1 || !only) return text;
      return text.slice(0, only.start) + toText(replacement as Value) + text.slice(only.end);
    },
  },
};
