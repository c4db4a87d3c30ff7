// EXTRACTVALUE and UPDATEXML: a document, a path into it, what stands there.
// Source: https://dev.mysql.com/doc/refman/9.7/en/xml-functions.html; errors as answered by a live 9.7.4.
import { FLAG } from '../../wire/constants.ts';
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { bytesType, isString, type SqlType, textType } from '../value/type.ts';
import { toText, type Value } from '../value/value.ts';
import { readDocument, type XmlNode } from '../xml/document.ts';
import type { XPath } from '../xml/xpath.ts';
import { parseXPath } from '../xml/xpath-parse.ts';
import { runXPath } from '../xml/xpath-run.ts';
import { textOf, type XPathValue } from '../xml/xpath-value.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';

/** Characters a path is parsed of for one step of fuel. */
const PATH_CHARACTERS_A_STEP = 4;
const DOCUMENT_CHARACTERS_A_STEP = 16;

/** As many bytes as there may be, in characters of the set the arguments share: numbers alone are shorter, bytes stay bytes. */
function longText(args: readonly SqlType[]): SqlType {
  if (args.some((type) => isString(type) && !type.text)) return { ...bytesType(16_777_216), type: 251 };
  if (args.every((type) => !type.text)) return { ...textType(4_194_304), type: 251 };
  const narrow = args.some((type) => type.text && type.collation.startsWith('utf8mb3'));
  const flags = args.some((type) => type.text && type.collation.endsWith('_bin')) ? FLAG.BINARY : 0;
  return { ...textType(narrow ? 12_582_912 : 16_777_216), type: 251, flags };
}

/** The document's root; NULL with warning 1525 where it is none. */
function documentOf(value: Value, x: Execution): XmlNode | undefined {
  const text = toText(value) as string;
  x.spend(1 + Math.floor(text.length / DOCUMENT_CHARACTERS_A_STEP));
  const root = readDocument(text);
  if (typeof root !== 'string') return root;
  x.warn('ER_WRONG_VALUE', 'XML', root);
  return undefined;
}

function pathOf(value: Value, x: Execution): XPath {
  const text = toText(value) as string;
  x.spend(1 + Math.floor(text.length / PATH_CHARACTERS_A_STEP));
  return parseXPath(text);
}

function found(path: XPath, root: XmlNode, x: Execution): XPathValue {
  const { session } = x;
  const variable = (name: string) => session.userVariables.get(name) ?? null;
  return runXPath({ x, collation: session.text('collation_connection'), variable }, path, root);
}

/** The only node a path leads to, where it may be replaced. */
function only(value: XPathValue): XmlNode | undefined {
  return value.kind === 'nodes' && value.found.length === 1 ? value.found[0]?.node : undefined;
}

const XML: Pick<FunctionEntry, 'type' | 'fixed'> = {
  type: longText,
  fixed: {
    at: 1,
    refuse: () => sqlError('ER_XPATH_CONSTANT'),
    check: (path) => {
      if (path !== null) parseXPath(toText(path) as string);
    },
  },
};

export const XML_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  EXTRACTVALUE: {
    ...XML,
    args: [2, 2],
    evaluate: ([document, path], x) => {
      if (path === null) return null;
      const parsed = pathOf(path as Value, x);
      const root = document === null ? undefined : documentOf(document as Value, x);
      return root ? (textOf(found(parsed, root, x)) ?? null) : null;
    },
  },
  UPDATEXML: {
    ...XML,
    args: [3, 3],
    evaluate: ([document, path, replacement], x) => {
      if (path === null) return null;
      const parsed = pathOf(path as Value, x);
      if (document === null || replacement === null) return null;
      const root = documentOf(document as Value, x);
      if (!root) return null;
      const value = found(parsed, root, x);
      if (value.kind !== 'nodes') return null;
      const text = toText(document as Value) as string;
      const node = only(value);
      return node ? text.slice(0, node.start) + toText(replacement as Value) + text.slice(node.end) : text;
    },
  },
};
