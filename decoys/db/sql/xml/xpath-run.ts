// What an XPath gives of a document: nodes, a number, a text or a truth, as the server reckons them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/xml-functions.html; positions, truths and texts as answered by a live 9.7.4.
import type { Execution } from '../execution.ts';
import { compareText } from '../value/charset.ts';
import { toText, type Value } from '../value/value.ts';
import type { XmlNode } from './document.ts';
import type { Axis, Step, XPath } from './xpath.ts';
import { arithmetic, asDouble, literalNumber, real, roundEven } from './xpath-number.ts';
import {
  type Found,
  NULL,
  nodesText,
  number,
  numericOf,
  text,
  textOf,
  textsOf,
  truth,
  truthOf,
  type XPathValue,
} from './xpath-value.ts';

/** What one run reads: user variables by name, the collation texts are compared by. */
export interface XPathRun {
  readonly x: Execution;
  readonly collation: string;
  readonly variable: (name: string) => Value;
}

interface Context {
  readonly run: XPathRun;
  readonly root: XmlNode;
  /** Inside a predicate: the node it is asked of, its place, how many there are. */
  readonly node: XmlNode;
  readonly place: number;
  readonly size: number;
}

function descendants(node: XmlNode, x: Execution): XmlNode[] {
  const out: XmlNode[] = [];
  const pending = [...node.children].reverse();
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.kind !== 'element') continue;
    out.push(next);
    for (let at = next.children.length - 1; at >= 0; at--) pending.push(next.children[at] as XmlNode);
  }
  x.spend(out.length);
  return out;
}

function ancestors(node: XmlNode): XmlNode[] {
  const out: XmlNode[] = [];
  for (let above = node.parent; above; above = above.parent) out.push(above);
  return out;
}

const ALONG: Readonly<Record<Axis, (node: XmlNode, x: Execution) => readonly XmlNode[]>> = {
  child: (node) => node.children.filter((child) => child.kind === 'element'),
  descendant: descendants,
  'descendant-or-self': (node, x) => [node, ...descendants(node, x)],
  parent: (node) => (node.parent ? [node.parent] : []),
  ancestor: ancestors,
  'ancestor-or-self': (node) => [node, ...ancestors(node)],
  self: (node) => [node],
  attribute: (node) => node.children.filter((child) => child.kind === 'attribute'),
  stay: (node) => [node],
};

/** Nodes once each in the order of the document, with the place each has below its parent or else in all. */
function ordered(nodes: readonly XmlNode[], byParent: boolean): Found[] {
  const once = [...new Set(nodes)].sort((a, b) => a.order - b.order);
  const counts = new Map<XmlNode | undefined, number>();
  return once.map((node) => {
    const under = byParent ? node.parent : undefined;
    const place = (counts.get(under) ?? 0) + 1;
    counts.set(under, place);
    return { node, place };
  });
}

function taken(c: Context, nodes: readonly XmlNode[], { axis, name, predicates }: Step): Found[] {
  const { x } = c.run;
  const along = nodes.flatMap((node) => {
    const reached = ALONG[axis](node, x);
    x.spend(1 + reached.length);
    return name === '*' ? reached : reached.filter((one) => one.name === name);
  });
  let found = ordered(along, true);
  for (const predicate of predicates) {
    const size = found.length;
    const kept = found.filter(({ node, place }) => holds({ ...c, node, place, size }, predicate));
    found = kept.map(({ node }, at) => ({ node, place: at + 1 }));
  }
  return found;
}

function holds(c: Context, predicate: XPath): boolean {
  const { x } = c.run;
  x.spend(1);
  const value = evaluate(c, predicate);
  if (value.kind === 'nodes' || value.kind === 'truth') return truthOf(value, x);
  const asked = numericOf(value, x, 'INTEGER');
  return asked !== null && roundEven(asDouble(asked)) === c.place;
}

function path(c: Context, e: Extract<XPath, { kind: 'path' }>): XPathValue {
  let nodes: readonly XmlNode[] = e.absolute ? [c.root] : [c.node];
  if (e.from) {
    const from = evaluate(c, e.from);
    nodes = from.kind === 'nodes' ? from.found.map(({ node }) => node) : [];
  }
  let found: readonly Found[] = ordered(nodes, false);
  for (const step of e.steps) {
    found = taken(c, nodes, step);
    nodes = found.map(({ node }) => node);
  }
  return { kind: 'nodes', found };
}

type Call = (args: readonly XPathValue[], c: Context) => XPathValue;

const shown = (value: XPathValue | undefined): string => (value && textOf(value)) ?? '';

/** A number made whole by `how`; NULL of NULL. */
const whole =
  (how: (value: number) => number): Call =>
  ([value], { run }) => {
    const n = numericOf(value as XPathValue, run.x);
    if (n === null || typeof n === 'bigint') return n === null ? NULL : number(n);
    return number(real(how(n.value), 0));
  };

const CALLS: Readonly<Record<string, Call>> = {
  last: (_, c) => number(BigInt(c.size)),
  position: (_, c) => number(BigInt(c.place)),
  true: () => truth(true),
  false: () => truth(false),
  not: ([value], { run }) => truth(!truthOf(value as XPathValue, run.x)),
  boolean: ([value], { run }) => truth(truthOf(value as XPathValue, run.x)),
  number: ([value], { run }) => {
    const n = numericOf(value as XPathValue, run.x);
    return n === null ? NULL : number(n);
  },
  sum: ([value]) => {
    const nodes = value?.kind === 'nodes' ? value.found : [];
    const each = nodes.flatMap(({ node }) => textsOf(node)).map((one) => Number.parseFloat(one));
    return number(real(each.reduce((total, one) => total + (Number.isFinite(one) ? one : 0), 0)));
  },
  count: ([value]) => number(BigInt(value?.kind === 'nodes' ? value.found.length : 0)),
  floor: whole(Math.floor),
  ceiling: whole(Math.ceil),
  round: whole(roundEven),
  'string-length': ([value], c) => number(BigInt([...(value ? shown(value) : nodesText([c.node]))].length)),
  contains: ([within, part], c) => {
    const [hay, needle] = [shown(within), shown(part)];
    c.run.x.spend(hay.length >> 3);
    return truth(hay.toLowerCase().includes(needle.toLowerCase()));
  },
  // The server takes any number of texts and joins two.
  concat: ([first, second]) => text(shown(first) + shown(second)),
  substring: ([whole_, from, length], { run }) => {
    const characters = [...shown(whole_)];
    const at = roundEven(asDouble(numericOf(from as XPathValue, run.x, 'INTEGER') ?? 0n));
    const count = length ? roundEven(asDouble(numericOf(length, run.x, 'INTEGER') ?? 0n)) : characters.length;
    const start = at < 0 ? characters.length + at : at - 1;
    if (start < 0 || count <= 0) return text('');
    return text(characters.slice(start, start + count).join(''));
  },
};

function compared(operator: string, order: number): boolean {
  if (operator === '=') return order === 0;
  if (operator === '!=') return order !== 0;
  if (operator === '<') return order < 0;
  if (operator === '>') return order > 0;
  return operator === '<=' ? order <= 0 : order >= 0;
}

const TURNED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

function comparison(c: Context, operator: string, left: XPathValue, right: XPathValue): XPathValue {
  const { run } = c;
  if (right.kind === 'nodes') return comparison(c, TURNED[operator] ?? operator, right, left);
  if (left.kind === 'null' || right.kind === 'null') return NULL;
  if (left.kind === 'nodes')
    return truth(
      left.found.some(({ node }) =>
        textsOf(node).some((one) => truthOf(comparison(c, operator, text(one), right), run.x)),
      ),
    );
  if (left.kind === 'text' && right.kind === 'text')
    return truth(compared(operator, compareText(left.text, right.text, run.collation)));
  const [a, b] = [numericOf(left, run.x), numericOf(right, run.x)];
  if (a === null || b === null) return NULL;
  return truth(compared(operator, Math.sign(asDouble(a) - asDouble(b))));
}

function binary(c: Context, e: Extract<XPath, { kind: 'binary' }>): XPathValue {
  const { x } = c.run;
  const left = evaluate(c, e.left);
  if (e.operator === 'and') return truth(truthOf(left, x) && truthOf(evaluate(c, e.right), x));
  if (e.operator === 'or') return truth(truthOf(left, x) || truthOf(evaluate(c, e.right), x));
  const right = evaluate(c, e.right);
  if (e.operator === '|') {
    const all = [left, right].flatMap((value) => (value.kind === 'nodes' ? value.found : []));
    return {
      kind: 'nodes',
      found: ordered(
        all.map(({ node }) => node),
        false,
      ),
    };
  }
  if (!['+', '-', '*', 'div', 'mod'].includes(e.operator)) return comparison(c, e.operator, left, right);
  const kind = e.operator === 'div' ? 'DECIMAL' : 'DOUBLE';
  const [a, b] = [numericOf(left, x, kind), numericOf(right, x, kind)];
  const made = a === null || b === null ? null : arithmetic(e.operator, a, b, x);
  return made === null ? NULL : number(made);
}

function evaluate(c: Context, e: XPath): XPathValue {
  switch (e.kind) {
    case 'path':
      return path(c, e);
    case 'number':
      return number(literalNumber(e.text));
    case 'string':
      return text(e.text);
    case 'variable':
      return ofVariable(c.run.variable(e.name));
    case 'call':
      return (CALLS[e.name] as Call)(
        e.args.map((arg) => evaluate(c, arg)),
        c,
      );
    case 'minus': {
      const n = numericOf(evaluate(c, e.operand), c.run.x);
      if (n === null) return NULL;
      return number(typeof n === 'bigint' ? -n : real(-n.value, n.decimals));
    }
    default:
      return binary(c, e);
  }
}

function ofVariable(value: Value): XPathValue {
  if (value === null) return NULL;
  if (typeof value === 'bigint') return number(value);
  return typeof value === 'number' ? number(real(value)) : text(toText(value) as string);
}

/** Runs a path over a document. Throws SqlError 1690, and what fuel throws. */
export function runXPath(run: XPathRun, e: XPath, root: XmlNode): XPathValue {
  return evaluate({ run, root, node: root, place: 1, size: 1 }, e);
}
