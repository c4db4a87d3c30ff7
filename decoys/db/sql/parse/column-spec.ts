// A column as CREATE and ALTER TABLE define it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table.html
import type { Expression } from '../ast/expression.ts';
import type { CheckSpec, ColumnSpec, ForeignKeySpec, Generation } from '../ast/table.ts';
import { parseColumnType } from './column-type.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseSimple } from './operand.ts';
import { parseCheck, parseReferences } from './references.ts';

/** Where the constraints behind a column go. */
export interface Constraints {
  readonly checks: CheckSpec[];
  readonly foreignKeys: ForeignKeySpec[];
}

interface Fallback {
  readonly fallback: Expression | undefined;
  /** It was written in parentheses. */
  readonly computed: boolean;
}

/** What follows DEFAULT: a literal, NOW(), or any expression in parentheses. */
export function parseFallback(c: Cursor): Fallback {
  if (c.is('(')) return { fallback: c.parenthesised(() => parseExpression(c)), computed: true };
  const start = c.token.start;
  const sign = c.acceptOne('-', '+');
  const { token } = c;
  const value = parseSimple(c);
  const literal = ['null', 'boolean', 'number', 'string', 'bytes', 'temporal'].includes(value.kind);
  if (!literal && !isNow(value)) throw c.fail(token);
  const fallback: Expression =
    sign === '-' ? { kind: 'unary', operator: '-', operand: value, start, end: c.lastEnd } : value;
  return { fallback, computed: false };
}

/** NOW() by any of its names, which alone may stand as a default without parentheses. */
export function isNow(e: Expression | undefined): boolean {
  return e?.kind === 'call' && /^(CURRENT_TIMESTAMP|NOW|LOCALTIME|LOCALTIMESTAMP)$/i.test(e.name);
}

interface Attributes {
  nullable: boolean | undefined;
  fallback: Expression | undefined;
  computed: boolean;
  generated: Generation | undefined;
  invisible: boolean;
  onUpdateNow: boolean;
  autoIncrement: boolean;
  primary: boolean;
  unique: boolean;
  comment: string;
  format: string;
  storage: string;
  srid: number | undefined;
  collation: string;
}

/** One attribute of the column `name`; false where none follows. */
function parseAttribute(c: Cursor, name: string, into: Attributes, constraints: Constraints): boolean {
  if (c.acceptAll('NOT', 'NULL')) into.nullable = false;
  else if (c.accept('NULL')) into.nullable = true;
  else if (c.accept('DEFAULT')) Object.assign(into, parseFallback(c));
  else if (c.acceptAll('ON', 'UPDATE')) {
    const { token } = c;
    if (!isNow(parseSimple(c))) throw c.fail(token);
    into.onUpdateNow = true;
  } else if (c.accept('AUTO_INCREMENT')) into.autoIncrement = true;
  else if (c.acceptAll('SERIAL', 'DEFAULT', 'VALUE')) {
    into.autoIncrement = true;
    into.nullable = false;
    into.unique = true;
  } else if (c.acceptAll('PRIMARY', 'KEY') || c.accept('KEY') || c.accept('PRIMARY')) into.primary = true;
  else if (c.accept('UNIQUE')) {
    c.accept('KEY');
    into.unique = true;
  } else if (c.accept('COMMENT')) into.comment = c.string();
  else if (c.accept('COLLATE')) into.collation = (c.is('BINARY') ? c.advance().text : c.nameOrText()).toLowerCase();
  else if (c.accept('REFERENCES'))
    constraints.foreignKeys.push({ name: '', index: '', columns: [name], ...parseReferences(c) });
  else if (c.acceptOne('VISIBLE')) into.invisible = false;
  else if (c.accept('INVISIBLE')) into.invisible = true;
  else if (c.accept('CONSTRAINT')) {
    const constraint = c.is('CHECK') ? '' : c.name();
    c.expect('CHECK');
    constraints.checks.push(parseCheck(c, constraint, name));
  } else if (c.accept('CHECK')) constraints.checks.push(parseCheck(c, '', name));
  else if (c.acceptAll('GENERATED', 'ALWAYS') || c.is('AS')) {
    c.expect('AS');
    const expression = c.parenthesised(() => parseExpression(c));
    into.generated = { expression, stored: c.acceptOne('VIRTUAL', 'STORED') === 'STORED' };
  } else if (c.accept('STORAGE')) {
    const word = c.acceptOne('DISK', 'MEMORY', 'DEFAULT');
    if (!word) throw c.fail();
    into.storage = word;
  } else if (c.accept('COLUMN_FORMAT')) {
    const word = c.acceptOne('FIXED', 'DYNAMIC', 'DEFAULT');
    if (!word) throw c.fail();
    into.format = word;
  } else if (c.acceptOne('ENGINE_ATTRIBUTE', 'SECONDARY_ENGINE_ATTRIBUTE')) {
    c.accept('=');
    c.string();
  } else if (c.acceptAll('NOT', 'SECONDARY')) return true;
  else if (c.accept('SRID')) into.srid = c.integer();
  else return false;
  return true;
}

/** A column with nothing said of it. */
export const PLAIN_COLUMN = {
  computed: false,
  generated: undefined,
  invisible: false,
  onUpdateNow: false,
  autoIncrement: false,
  primary: false,
  unique: false,
  comment: '',
  format: '',
  storage: '',
  srid: undefined,
} as const;

/** A column from its type on; its constraints go to `constraints`. */
export function parseColumnSpec(c: Cursor, name: string, constraints: Constraints): ColumnSpec {
  const type = parseColumnType(c);
  const into: Attributes = {
    nullable: undefined,
    fallback: undefined,
    ...PLAIN_COLUMN,
    collation: type.collation,
  };
  while (parseAttribute(c, name, into, constraints));
  const { collation, ...attributes } = into;
  return { name, type: { ...type, collation }, ...attributes };
}
