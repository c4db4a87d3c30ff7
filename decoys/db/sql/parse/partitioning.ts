// PARTITION BY and the partitions it lists.
// Source: https://dev.mysql.com/doc/refman/9.7/en/partitioning.html
import type { PartitionBound, Partitioning, PartitionRule, PartitionSpec } from '../ast/table.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';

function parseRule(c: Cursor, methods: readonly string[]): PartitionRule {
  const linear = c.accept('LINEAR');
  const method = c.acceptOne(...(linear ? ['HASH', 'KEY'] : methods)) as PartitionRule['method'] | undefined;
  if (!method) throw c.fail();
  let algorithm: number | undefined;
  if (method === 'KEY' && c.accept('ALGORITHM')) {
    c.expect('=');
    algorithm = c.integer();
  }
  if (method === 'KEY') {
    c.expect('(');
    const columns = c.is(')') ? [] : c.list(() => c.name());
    c.expect(')');
    return { method, linear, columns, expression: undefined, algorithm };
  }
  if ((method === 'RANGE' || method === 'LIST') && c.accept('COLUMNS'))
    return {
      method,
      linear,
      columns: c.parenthesised(() => c.list(() => c.name())),
      expression: undefined,
      algorithm,
    };
  return { method, linear, columns: undefined, expression: c.parenthesised(() => parseExpression(c)), algorithm };
}

function parseBound(c: Cursor): PartitionBound {
  return c.accept('MAXVALUE') ? 'MAXVALUE' : parseExpression(c);
}

function parseValues(c: Cursor): Pick<PartitionSpec, 'lessThan' | 'oneOf'> {
  if (!c.accept('VALUES')) return { lessThan: undefined, oneOf: undefined };
  if (c.accept('IN')) {
    const oneOf = c.parenthesised(() =>
      c.list(() => (c.is('(') ? c.parenthesised(() => c.list(() => parseBound(c))) : [parseBound(c)])),
    );
    return { lessThan: undefined, oneOf };
  }
  c.expect('LESS', 'THAN');
  if (c.accept('MAXVALUE')) return { lessThan: ['MAXVALUE'], oneOf: undefined };
  return { lessThan: c.parenthesised(() => c.list(() => parseBound(c))), oneOf: undefined };
}

function refuse(c: Cursor): never {
  throw c.fail();
}

/** Options of a partition; gives its comment. */
function parsePartitionOptions(c: Cursor): string {
  let comment = '';
  for (;;) {
    if (c.accept('STORAGE') ? c.accept('ENGINE') || refuse(c) : c.accept('ENGINE')) {
      c.accept('=');
      c.nameOrText();
    } else if (c.accept('COMMENT')) {
      c.accept('=');
      comment = c.string();
    } else if (c.acceptAll('DATA', 'DIRECTORY') || c.acceptAll('INDEX', 'DIRECTORY')) {
      c.accept('=');
      c.string();
    } else if (c.acceptOne('MAX_ROWS', 'MIN_ROWS')) {
      c.accept('=');
      c.integer();
    } else if (c.accept('TABLESPACE')) {
      c.accept('=');
      c.name();
    } else return comment;
  }
}

function parsePartition(c: Cursor): PartitionSpec {
  c.expect('PARTITION');
  const name = c.name();
  const values = parseValues(c);
  const comment = parsePartitionOptions(c);
  const subpartitions = c.is('(')
    ? c.parenthesised(() =>
        c.list(() => {
          c.expect('SUBPARTITION');
          const sub = c.nameOrText();
          parsePartitionOptions(c);
          return sub;
        }),
      )
    : [];
  return { name, ...values, comment, subpartitions };
}

export function parsePartitionList(c: Cursor): PartitionSpec[] {
  return c.parenthesised(() => c.list(() => parsePartition(c)));
}

/** What follows PARTITION BY. */
export function parsePartitioning(c: Cursor): Partitioning {
  const rule = parseRule(c, ['RANGE', 'LIST', 'HASH', 'KEY']);
  const count = c.accept('PARTITIONS') ? c.integer() : undefined;
  let sub: Partitioning['sub'];
  if (c.acceptAll('SUBPARTITION', 'BY')) {
    const inner = parseRule(c, ['HASH', 'KEY']);
    sub = { ...inner, count: c.accept('SUBPARTITIONS') ? c.integer() : undefined };
  }
  return { ...rule, count, sub, partitions: c.is('(') ? parsePartitionList(c) : [] };
}
