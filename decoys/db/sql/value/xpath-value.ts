// What an XPath gives of a document: nodes, a number, a text or a truth.
// Source: https://dev.mysql.com/doc/refman/9.7/en/xml-functions.html; values as recorded from 9.7.
import { doubleText } from './value.ts';
import type { XmlNode } from './xml-document.ts';
import type { Axis, Step, XPath } from './xpath.ts';

export type XPathValue = readonly XmlNode[] | number | string | boolean;

/** What an evaluation may ask for: a user variable's text, and fuel. */
export interface XPathRun {
  readonly root: XmlNode;
  readonly variable: (name: string) => string;
  readonly spend: (steps: number) => void;
}

interface Place {
  readonly node: XmlNode;
  readonly position: number;
  readonly last: number;
}

const elementsOf = (node: XmlNode): XmlNode[] => node.children.filter((child) => child.kind === 'element');

function descendants(node: XmlNode, spend: XPathRun['spend']): XmlNode[] {
  spend(1);
  return elementsOf(node).flatMap((child) => [child, ...descendants(child, spend)]);
}

function ancestors(node: XmlNode): XmlNode[] {
  const found: XmlNode[] = [];
  for (let at = node.parent; at; at = at.parent) found.push(at);
  return found;
}

const AXES: Readonly<Record<Axis, (node: XmlNode, spend: XPathRun['spend']) => readonly XmlNode[]>> = {
  child: elementsOf,
  descendant: descendants,
  'descendant-or-self': (node, spend) => [node, ...descendants(node, spend)],
  attribute: (node) => node.children.filter((child) => child.kind === 'attribute'),
  parent: (node) => (node.parent ? [node.parent] : []),
  ancestor: ancestors,
  'ancestor-or-self': (node) => [node, ...ancestors(node)],
  self: (node) => [node],
  nothing: () => [],
};

function stepFrom(nodes: readonly XmlNode[], step: Step, run: XPathRun): XmlNode[] {
  const found = new Set<XmlNode>();
  for (const from of nodes) {
    run.spend(1);
    let taken = AXES[step.axis](from, run.spend).filter(
      (node) => step.name === '' || step.name === '*' || node.name === step.name,
    );
    for (const predicate of step.predicates)
      taken = taken.filter((node, at) => holds(predicate, { node, position: at + 1, last: taken.length }, run));
    for (const node of taken) found.add(node);
  }
  return [...found];
}

function holds(predicate: XPath, place: Place, run: XPathRun): boolean {
  const value = evaluate(predicate, run, place);
  return typeof value === 'number' ? value === place.position : truthOf(value);
}

/** A node's text: of an element its own texts, with spaces between. */
function texts(node: XmlNode): string[] {
  if (node.kind !== 'element') return [node.value];
  return node.children.filter((child) => child.kind === 'text').map((child) => child.value);
}

/** A value as EXTRACTVALUE gives it. */
export function textOf(value: XPathValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return doubleText(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  return value.flatMap(texts).join(' ');
}

function numberOf(value: XPathValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  return Number.parseFloat(textOf(value)) || 0;
}

function truthOf(value: XPathValue): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  return typeof value === 'string' ? value !== '' : value.length > 0;
}

const COMPARE: Readonly<Record<string, (a: number | string, b: number | string) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Of nodes any may compare as asked; texts compare as texts where both sides are. */
function compare(operator: string, left: XPathValue, right: XPathValue): boolean {
  const test = COMPARE[operator] as (a: number | string, b: number | string) => boolean;
  const each = (value: XPathValue): readonly XPathValue[] =>
    Array.isArray(value) ? (value as readonly XmlNode[]).map((node) => texts(node).join(' ')) : [value];
  return each(left).some((a) =>
    each(right).some((b) =>
      typeof a === 'string' && typeof b === 'string' ? test(a, b) : test(numberOf(a), numberOf(b)),
    ),
  );
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  // Division is that of whole numbers.
  div: (a, b) => (b === 0 ? 0 : Math.trunc(a / b)),
  mod: (a, b) => (b === 0 ? 0 : a % b),
};

type Call = (args: readonly XPathValue[], place: Place | undefined) => XPathValue;

const number = (args: readonly XPathValue[], at = 0): number => numberOf(args[at] ?? 0);
const text = (args: readonly XPathValue[], at = 0): string => textOf(args[at] ?? '');

const CALLS: Readonly<Record<string, Call>> = {
  __proto__: null as never,
  boolean: (args) => truthOf(args[0] as XPathValue),
  ceiling: (args) => Math.ceil(number(args)),
  // Only the first two are joined.
  concat: (args) => text(args) + text(args, 1),
  contains: (args) => text(args).includes(text(args, 1)),
  count: (args) => (args[0] as readonly XmlNode[]).length,
  false: () => false,
  floor: (args) => Math.floor(number(args)),
  last: (_args, place) => place?.last ?? 0,
  not: (args) => !truthOf(args[0] as XPathValue),
  number: (args, place) => (args.length > 0 ? number(args) : numberOf(place ? [place.node] : '')),
  position: (_args, place) => place?.position ?? 0,
  round: (args) => Math.round(number(args)),
  'string-length': (args, place) => [...(args.length > 0 ? text(args) : textOf(place ? [place.node] : ''))].length,
  substring: (args) => {
    const from = number(args, 1) - 1;
    return text(args).slice(Math.max(0, from), args.length > 2 ? Math.max(0, from + number(args, 2)) : undefined);
  },
  sum: (args) => (args[0] as readonly XmlNode[]).reduce((total, node) => total + numberOf([node]), 0),
  true: () => true,
};

/** What a path gives of a document, or of a node of it. */
export function evaluate(path: XPath, run: XPathRun, place?: Place): XPathValue {
  run.spend(1);
  switch (path.kind) {
    case 'number':
    case 'string':
      return path.value;
    case 'variable':
      return run.variable(path.name);
    case 'negative':
      return -numberOf(evaluate(path.of, run, place));
    case 'union': {
      const sides = [path.left, path.right].map((side) => evaluate(side, run, place));
      return [...new Set(sides.flatMap((side) => (Array.isArray(side) ? (side as readonly XmlNode[]) : [])))];
    }
    case 'path': {
      const from = path.from ? evaluate(path.from, run, place) : [place?.node ?? run.root];
      if (!Array.isArray(from)) return from;
      return path.steps.reduce<readonly XmlNode[]>((nodes, step) => stepFrom(nodes, step, run), from);
    }
    case 'call':
      return (CALLS[path.name] as Call)(
        path.args.map((arg) => evaluate(arg, run, place)),
        place,
      );
    default:
      return operate(path, run, place);
  }
}

function operate(path: Extract<XPath, { kind: 'binary' }>, run: XPathRun, place: Place | undefined): XPathValue {
  const left = evaluate(path.left, run, place);
  if (path.operator === 'or') return truthOf(left) || truthOf(evaluate(path.right, run, place));
  if (path.operator === 'and') return truthOf(left) && truthOf(evaluate(path.right, run, place));
  const right = evaluate(path.right, run, place);
  const reckon = ARITHMETIC[path.operator];
  return reckon ? reckon(numberOf(left), numberOf(right)) : compare(path.operator, left, right);
}
