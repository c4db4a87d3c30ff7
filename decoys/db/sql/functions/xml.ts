// EXTRACTVALUE and UPDATEXML, over small documents; what is no XPath is error 1105.
// Source: https://dev.mysql.com/doc/refman/9.7/en/xml-functions.html
import { TYPE } from '../../wire/constants.ts';
import type { Execution } from '../execution.ts';
import { type SqlType, textType } from '../value/type.ts';
import { toText, type Value } from '../value/value.ts';
import { readDocument, type XmlNode } from '../value/xml-document.ts';
import { readXPath, type XPath } from '../value/xpath.ts';
import { evaluate, textOf } from '../value/xpath-value.ts';
import type { FunctionTable } from './function.ts';

/** Longest document read; a longer one holds nothing. */
const DOCUMENT_CHARACTERS = 65_536;

const text = (value: Value): string => toText(value) as string;

/** The document's root; NULL with warning 1525 where it is not well formed. */
function documentOf(value: Value, x: Execution): XmlNode | undefined {
  const given = text(value);
  x.spend(1 + (given.length >> 4));
  const read = readDocument(given.length > DOCUMENT_CHARACTERS ? '' : given);
  if ('root' in read) return read.root;
  const { line, position, reason } = read.fault;
  x.warn('ER_WRONG_VALUE', 'XML', `parse error at line ${line} pos ${position}: ${reason}`);
  return undefined;
}

function found(path: XPath, root: XmlNode, x: Execution) {
  return evaluate(path, {
    root,
    variable: (name) => toText(x.session.userVariables.get(name)) ?? '',
    spend: (steps) => x.spend(steps),
  });
}

function checkPath(path: Value | undefined): void {
  if (path !== undefined && path !== null) readXPath(text(path));
}

const LONGEST_BYTES = 16_777_216;

/** As many bytes as there may be, in characters of the set the arguments share. */
function longText(args: readonly SqlType[]): SqlType {
  const narrow = args.some((type) => type.collation.startsWith('utf8mb3'));
  return { ...textType(narrow ? 12_582_912 : LONGEST_BYTES), type: TYPE.LONG_BLOB };
}

export const XML_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  EXTRACTVALUE: {
    args: [2, 2],
    strict: true,
    type: longText,
    check: ([, path]) => checkPath(path),
    evaluate: ([document, path], x) => {
      const parsed = readXPath(text(path as Value));
      const root = documentOf(document as Value, x);
      if (!root) return null;
      if (parsed.kind === 'variable' && x.session.userVariables.get(parsed.name) === null) return null;
      return textOf(found(parsed, root, x));
    },
  },
  UPDATEXML: {
    args: [3, 3],
    strict: true,
    type: longText,
    check: ([, path]) => checkPath(path),
    evaluate: ([document, path, replacement], x) => {
      const parsed = readXPath(text(path as Value));
      const root = documentOf(document as Value, x);
      if (!root) return null;
      const nodes = found(parsed, root, x);
      if (!Array.isArray(nodes)) return null;
      const whole = text(document as Value);
      const [only] = nodes as readonly XmlNode[];
      if (nodes.length !== 1 || !only) return whole;
      return whole.slice(0, only.start) + text(replacement as Value) + whole.slice(only.end);
    },
  },
};
