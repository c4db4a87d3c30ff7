// Which character set several text arguments make together, by how easily each gives its own up.
// Source: https://dev.mysql.com/doc/refman/9.7/en/charset-collation-coercibility.html
import { sqlError } from '../errors.ts';
import type { Node, Row } from '../scope.ts';
import { decodeText, findCollation } from '../value/charset.ts';
import { bytesType, isJson, isNull, isString, textLength, textType } from '../value/type.ts';
import type { Value } from '../value/value.ts';

const LITERAL = 4;
const IGNORABLE = 6;
/** Bytes a character may take: what text counts for beside bytes. */
const CHARACTER_BYTES = 4;

/** Functions whose text arguments become one character set. */
const AGGREGATING: ReadonlySet<string> = new Set([
  'CONCAT',
  'CONCAT_WS',
  'IF',
  'IFNULL',
  'COALESCE',
  'CASE',
  'ELT',
  'GREATEST',
  'LEAST',
  'MAKE_SET',
  'NULLIF',
]);

/** Functions that keep the character set of their first argument. */
const KEEPING: ReadonlySet<string> = new Set([
  ...['LEFT', 'RIGHT', 'SUBSTRING', 'UPPER', 'LOWER', 'UCASE', 'LCASE', 'TRIM', 'LTRIM', 'RTRIM', 'TRIM LEADING'],
  ...['TRIM TRAILING', 'REPLACE', 'INSERT', 'LPAD', 'RPAD', 'REPEAT', 'REVERSE', 'SUBSTRING_INDEX', 'NULLIF', 'QUOTE'],
]);

const SYSTEM: ReadonlySet<string> = new Set([
  'USER',
  'CURRENT_USER',
  'SESSION_USER',
  'SYSTEM_USER',
  'VERSION',
  'DATABASE',
  'SCHEMA',
  'CURRENT_ROLE',
]);

const isBytes = (node: Node): boolean => isString(node.type) && !node.type.text;

function strength(nodes: readonly Node[]): number {
  return Math.min(IGNORABLE, ...nodes.map((node) => node.coercibility));
}

/** Bytes read as text, where text is what the arguments make together. */
function asText(node: Node, collation: string): Node {
  const get = (row: Row): Value => {
    const value = node.get(row);
    return Buffer.isBuffer(value) ? (decodeText(value, 'utf8mb4') ?? value.toString('latin1')) : value;
  };
  const type = textType(node.type.length, { nullable: node.type.nullable, collation });
  return { ...node, type, get, digits: false, constant: undefined };
}

function asBytes(node: Node): Node {
  return { ...node, type: bytesType(textLength(node.type) * CHARACTER_BYTES, { nullable: node.type.nullable }) };
}

/** How much of what others hold a character set does: of Unicode all, most, or what is ASCII. */
const WIDTHS: Readonly<Record<string, number>> = {
  ascii: 0,
  utf8mb3: 2,
  ucs2: 2,
  utf8mb4: 3,
  utf16: 3,
  utf16le: 3,
  utf32: 3,
};

const widthOf = (charset: string): number => WIDTHS[charset] ?? 1;

const charsetOf = (node: Node): string => findCollation(node.type.collation)?.charset ?? '';

/** How an operand holds on to its collation, as errors 1267 and 1270 name it. */
const DERIVATIONS = ['EXPLICIT', 'NONE', 'IMPLICIT', 'SYSCONST', 'COERCIBLE', 'NUMERIC', 'IGNORABLE'];

/** Throws 1267, or of three operands 1270, or of more 1271. */
export function refuseMix(text: readonly Node[], operation: string): never {
  const told = text.flatMap((node) => [node.type.collation, DERIVATIONS[node.coercibility] ?? 'COERCIBLE']);
  if (text.length > 3) throw sqlError('ER_CANT_AGGREGATE_NCOLLATIONS', operation);
  throw sqlError(
    text.length === 3 ? 'ER_CANT_AGGREGATE_3COLLATIONS' : 'ER_CANT_AGGREGATE_2COLLATIONS',
    ...told,
    operation,
  );
}

/** Of two operands the one whose collation both take; undefined where neither gives way. */
export function stronger(a: Node, b: Node): Node | undefined {
  if (a.type.collation === b.type.collation) return a;
  const [first, second] = [charsetOf(a), charsetOf(b)];
  if (a.coercibility !== b.coercibility) {
    const [strong, weak] = a.coercibility < b.coercibility ? [a, b] : [b, a];
    return weak.coercibility === IMPLICIT && widthOf(charsetOf(weak)) > widthOf(charsetOf(strong)) ? weak : strong;
  }
  if (a.coercibility === 0) return undefined;
  if (first === second) return b.type.collation.endsWith('_bin') ? b : a;
  if (widthOf(first) !== widthOf(second)) return widthOf(first) > widthOf(second) ? a : b;
  return asciiOnly(b) ? a : asciiOnly(a) ? b : undefined;
}

const IMPLICIT = 2;

/** A constant all of ASCII fits into any character set. */
function asciiOnly({ constant }: Node): boolean {
  return typeof constant === 'string' && /^[\0-\x7f]*$/.test(constant);
}

/** The operand whose collation all take. Throws 1267 and its kin where two of them insist on their own. */
function strongestOf(text: readonly Node[], operation: string): Node {
  return text.reduce((best, node) => stronger(best, node) ?? refuseMix(text, operation));
}

/** Text of several collations takes the one given up least easily. */
function sameCollation(nodes: readonly Node[], text: readonly Node[], operation: string): readonly Node[] {
  const [first] = text;
  if (!first || text.every((node) => node.type.collation === first.type.collation)) return nodes;
  const { collation } = strongestOf(text, operation).type;
  return nodes.map((node) => (node.type.text ? { ...node, type: { ...node.type, collation } } : node));
}

/** Arguments as one character set: bytes win, but over text that gives its own up less easily. */
export function aggregated(nodes: readonly Node[], operation: string): readonly Node[] {
  const bytes = nodes.filter(isBytes);
  const text = nodes.filter((node) => node.type.text);
  if (bytes.length === 0) return sameCollation(nodes, text, operation);
  if (text.length === 0) return nodes;
  if (strength(text) < strength(bytes)) {
    const { collation } = strongestOf(text, operation).type;
    const made = nodes.map((node) => (isBytes(node) ? asText(node, collation) : node));
    return sameCollation(made, text, operation);
  }
  return nodes.map((node) => (node.type.text ? asBytes(node) : node));
}

/** Arguments of a call, made one character set where the function does that. */
export function aggregatedArguments(name: string, nodes: readonly Node[]): readonly Node[] {
  if (!AGGREGATING.has(name)) return nodes;
  const operation = name.toLowerCase();
  if (name === 'IF' || name === 'ELT' || name === 'MAKE_SET') {
    const [first, ...rest] = nodes;
    return first ? [first, ...aggregated(rest, operation)] : nodes;
  }
  return aggregated(nodes, operation);
}

/** How easily the result of a call gives its collation up. */
export function coercibilityOf(name: string, nodes: readonly Node[], text: boolean): number {
  if (SYSTEM.has(name)) return 3;
  if (!text) return 5;
  const taken = KEEPING.has(name) ? nodes.slice(0, 1) : AGGREGATING.has(name) ? nodes : [];
  return Math.min(LITERAL, strength(taken.filter((node) => !isNull(node.type))));
}

/** Throws 1267 where two operands each insist on a collation of their own. */
export function checkMix(operator: string, a: Node, b: Node): void {
  if (!a.type.text || !b.type.text || a.coercibility > LITERAL || b.coercibility > LITERAL) return;
  if (isJson(a.type) || isJson(b.type)) return;
  if (!stronger(a, b)) refuseMix([a, b], operator);
}
