// Values of XPath: nodes, a number, a text or a truth, and each taken for another.
// Source: answers of a live 9.7.4 to EXTRACTVALUE: nodes are true where there is one, their text is what stands directly in them.
import type { Execution } from '../execution.ts';
import type { XmlNode } from './document.ts';
import { asDouble, type Numeric, numberOf, numberText, real } from './xpath-number.ts';

/** A node and its place among those found below one parent, from 1. */
export interface Found {
  readonly node: XmlNode;
  readonly place: number;
}

export type XPathValue =
  | { readonly kind: 'nodes'; readonly found: readonly Found[] }
  | { readonly kind: 'number'; readonly number: Numeric }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'truth'; readonly truth: boolean }
  | { readonly kind: 'null' };

export const NULL: XPathValue = { kind: 'null' };
export const text = (value: string): XPathValue => ({ kind: 'text', text: value });
export const truth = (value: boolean): XPathValue => ({ kind: 'truth', truth: value });
export const number = (value: Numeric): XPathValue => ({ kind: 'number', number: value });

/** What stands directly in a node: its texts, or an attribute that holds something. */
function textNodes(node: XmlNode): readonly XmlNode[] {
  if (node.kind === 'attribute') return node.text === '' ? [] : [node];
  return node.children.filter((child) => child.kind === 'text');
}

export function textsOf(node: XmlNode): readonly string[] {
  return textNodes(node).map(({ text: held }) => held);
}

/** What stands directly in the nodes, in the order of the document. */
export function nodesText(nodes: readonly XmlNode[]): string {
  const all = nodes.flatMap(textNodes).sort((a, b) => a.order - b.order);
  return all.map(({ text: held }) => held).join(' ');
}

/** A value as text: of nodes what stands directly in them, one blank between; undefined is NULL. */
export function textOf(value: XPathValue): string | undefined {
  if (value.kind === 'nodes') return nodesText(value.found.map(({ node }) => node));
  if (value.kind === 'text') return value.text;
  if (value.kind === 'number') return numberText(value.number);
  return value.kind === 'truth' ? String(Number(value.truth)) : undefined;
}

export function numericOf(value: XPathValue, x: Execution, kind = 'DOUBLE'): Numeric | null {
  if (value.kind === 'number') return value.number;
  if (value.kind === 'truth') return BigInt(value.truth);
  const shown = textOf(value);
  return shown === undefined ? null : real(numberOf(shown, x, kind));
}

/** Nodes are true where there is exactly one. */
export function truthOf(value: XPathValue, x: Execution): boolean {
  if (value.kind === 'nodes') return value.found.length === 1;
  if (value.kind === 'truth') return value.truth;
  const n = numericOf(value, x);
  return n !== null && asDouble(n) !== 0;
}
