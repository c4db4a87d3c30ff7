// How a table is partitioned, as SHOW CREATE TABLE writes it and INFORMATION_SCHEMA.PARTITIONS tells it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/partitioning-types.html; texts as seen from 9.7.4.
import type { OverlayTable } from '../overlay/table.ts';
import type { PartitionBound, Partitioning, PartitionRule } from '../sql/ast/table.ts';
import { printWith } from '../sql/print.ts';
import { quoteName } from '../sql/quote-name.ts';
import { expressionText, quotedText } from './definition-text.ts';

/** An expression of PARTITION BY, as INFORMATION_SCHEMA.PARTITIONS tells it too. */
export function ruleText(rule: PartitionRule): string {
  if (rule.expression) return expressionText(rule.expression);
  return (rule.columns ?? []).map(quoteName).join(',');
}

function boundText(bound: PartitionBound): string {
  if (bound === 'MAXVALUE') return bound;
  return printWith(bound, {
    column: (path) => path.join('.'),
    introducer: '',
    query: () => '',
  }).replace(/^-\((\d+)\)$/, '-$1');
}

/** A partition's values as PARTITION_DESCRIPTION tells them; null for HASH and KEY. */
export function boundsText(part: Partitioning['partitions'][number]): string | null {
  if (part.lessThan) return part.lessThan.map(boundText).join(',');
  if (part.oneOf)
    return part.oneOf
      .map((list) => (list.length > 1 ? `(${list.map(boundText).join(',')})` : boundText(list[0] as PartitionBound)))
      .join(',');
  return null;
}

function ruleClause(rule: PartitionRule): string {
  const linear = rule.linear ? 'LINEAR ' : '';
  if (rule.expression) return `${linear}${rule.method} (${expressionText(rule.expression)})`;
  const columns = (rule.columns ?? [])
    .map((name) => (/^[A-Za-z_][\w$]*$/.test(name) ? name : quoteName(name)))
    .join(',');
  if (rule.method === 'KEY')
    return `${linear}KEY ${rule.algorithm === 1 ? '/*!50611 ALGORITHM = 1 */ ' : ''}(${columns})`;
  return `${rule.method}  COLUMNS(${columns})`;
}

/** What PARTITION BY says, in the comment old servers pass over. */
export function partitionClause(table: OverlayTable): string {
  const p = table.partitioning;
  if (!p) return '';
  const version = p.columns && p.method !== 'KEY' ? '50500' : '50100';
  const lines = [`PARTITION BY ${ruleClause(p)}`];
  if (p.sub) {
    lines.push(`SUBPARTITION BY ${ruleClause(p.sub)}`);
    const named = p.partitions.some((part) => part.subpartitions.length > 0);
    if (p.sub.count !== undefined && !named) lines.push(`SUBPARTITIONS ${p.sub.count}`);
  }
  if (p.partitions.length === 0) {
    if (p.count !== undefined) lines.push(`PARTITIONS ${p.count}`);
  } else {
    const parts = p.partitions.map((part) => {
      const values = part.lessThan
        ? ` VALUES LESS THAN ${part.lessThan.length === 1 && part.lessThan[0] === 'MAXVALUE' && !p.columns ? 'MAXVALUE' : `(${boundsText(part)})`}`
        : part.oneOf
          ? ` VALUES IN (${boundsText(part)})`
          : '';
      const comment = part.comment ? ` COMMENT = ${quotedText(part.comment)}` : '';
      const engine = ` ENGINE = ${table.facts.engine}`;
      if (part.subpartitions.length === 0) return `PARTITION ${part.name}${values}${comment}${engine}`;
      const subs = part.subpartitions.map((name) => `SUBPARTITION ${name}${engine}`).join(',\n  ');
      return `PARTITION ${part.name}${values}\n (${subs})`;
    });
    lines.push(`(${parts.join(',\n ')})`);
  }
  return `\n/*!${version} ${lines.join('\n')} */`;
}
