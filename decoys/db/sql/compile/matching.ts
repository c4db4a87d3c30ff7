// LIKE and REGEXP: texts held against patterns.
// Source: https://dev.mysql.com/doc/refman/9.7/en/string-comparison-functions.html, regexp.html
import { sqlError } from '../errors.ts';
import { checkCharsets, matches } from '../functions/regexp.ts';
import { matchesLike } from '../like.ts';
import type { Node, Scope } from '../scope.ts';
import { booleanType, isString } from '../value/type.ts';
import { fromBoolean, toText } from '../value/value.ts';
import { checkMix } from './collations.ts';
import { collationOf } from './comparison.ts';
import { type Compiler, NUMERIC, negated, type Of, scalar } from './compiler.ts';
import { readsNoRow } from './fixed.ts';

/** Bytes on either side compare as they are. */
function likeCollation(a: Node, b: Node): string {
  const bytes = (node: Node) => isString(node.type) && !node.type.text;
  return bytes(a) || bytes(b) ? 'binary' : collationOf(a, b);
}

function checkEscape(escaping: string | null): void {
  if (escaping !== null && [...escaping].length > 1) throw sqlError('ER_WRONG_ARGUMENTS', 'ESCAPE');
}

export function compileLike(c: Compiler, e: Of<'like'>, scope: Scope): Node {
  const [operand, pattern] = [scalar(c, e.operand, scope), scalar(c, e.pattern, scope)];
  const escapeNode = e.escape ? scalar(c, e.escape, scope) : undefined;
  checkMix('like', operand, pattern);
  const collation = likeCollation(operand, pattern);
  const usual = c.x.session.sqlMode().includes('NO_BACKSLASH_ESCAPES') ? '' : '\\';
  if (e.escape && readsNoRow(e.escape)) checkEscape(toText(escapeNode?.get({ values: [] }) ?? null));
  return {
    type: booleanType(operand.type.nullable || pattern.type.nullable || (escapeNode?.type.nullable ?? false)),
    coercibility: NUMERIC,
    get: (row) => {
      const [value, like] = [toText(operand.get(row)), toText(pattern.get(row))];
      if (value === null || like === null) return null;
      const escaping = escapeNode ? (toText(escapeNode.get(row)) ?? '\\') : usual;
      checkEscape(escaping);
      const found = matchesLike(value, like, escaping, collation, (steps) => c.x.spend(steps));
      return fromBoolean(found !== e.not);
    },
  };
}

export function compileRegexp(c: Compiler, e: Of<'regexp'>, scope: Scope): Node {
  const [operand, pattern] = [scalar(c, e.operand, scope), scalar(c, e.pattern, scope)];
  const types = [operand.type, pattern.type];
  checkCharsets(types);
  return {
    type: booleanType(operand.type.nullable || pattern.type.nullable),
    coercibility: NUMERIC,
    get: (row) => {
      const found = matches(operand.get(row), pattern.get(row), types, c.x);
      return fromBoolean(e.not ? negated(found) : found);
    },
  };
}
