// A query as a tree, and reading one from text.
import { parse } from './grammar.peggy';

export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Expression =
  | { readonly op: 'all' }
  | { readonly op: 'and' | 'or'; readonly terms: readonly Expression[] }
  | { readonly op: 'not'; readonly term: Expression }
  | {
      readonly op: 'compare';
      readonly key: string;
      readonly comparator: Comparator;
      readonly value: string;
      readonly at: number;
    }
  | {
      readonly op: 'in';
      readonly key: string;
      readonly values: QuerySet;
      readonly negated: boolean;
      readonly at: number;
    };

export type QuerySet = { readonly values: readonly string[] } | { readonly substitution: string };

/** Characters of one query; the grammar recurses by parentheses, so its depth is bounded with it. */
export const QUERY_CHARS = 16_384;
const QUERY_DEPTH = 64;

/** What is wrong with a query, in words a rule's author can act on. */
export class QueryError extends Error {}

/** Parses a query and puts the substitutions' values in. Throws QueryError. */
export function parseQuery(
  text: string,
  substitutions: ReadonlyMap<string, readonly string[]> = new Map(),
): Expression {
  if (text.length > QUERY_CHARS)
    throw new QueryError(`the query has ${text.length} characters; at most ${QUERY_CHARS} are allowed`);
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (depth > QUERY_DEPTH) throw new QueryError(`the query nests deeper than ${QUERY_DEPTH} parentheses`);
  }
  let tree: Expression;
  try {
    tree = parse(text);
  } catch (error) {
    if (error instanceof RangeError) throw new QueryError('the query nests too deep');
    if (!isGrammarError(error)) throw error;
    const { column, line } = error.location.start;
    throw new QueryError(`query: ${error.message} (line ${line}, column ${column})`);
  }
  return substitute(tree, substitutions);
}

function isGrammarError(error: unknown): error is Error & { location: { start: { line: number; column: number } } } {
  return error instanceof Error && 'location' in error;
}

function substitute(tree: Expression, substitutions: ReadonlyMap<string, readonly string[]>): Expression {
  if (tree.op === 'and' || tree.op === 'or')
    return { op: tree.op, terms: tree.terms.map((term) => substitute(term, substitutions)) };
  if (tree.op === 'not') return { op: 'not', term: substitute(tree.term, substitutions) };
  if (tree.op !== 'in' || !('substitution' in tree.values)) return tree;
  const values = substitutions.get(tree.values.substitution);
  if (!values) throw new QueryError(`query: \${${tree.values.substitution}} is not among the rule's substitutions`);
  return { ...tree, values: { values } };
}

/** Every key a query asks for, each once. */
export function keysOf(tree: Expression): string[] {
  const keys = new Set<string>();
  const visit = (node: Expression): void => {
    if (node.op === 'and' || node.op === 'or') for (const term of node.terms) visit(term);
    else if (node.op === 'not') visit(node.term);
    else if (node.op === 'compare' || node.op === 'in') keys.add(node.key);
  };
  visit(tree);
  return [...keys];
}
