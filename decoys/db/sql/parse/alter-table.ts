// ALTER TABLE: its list of changes.
// Source: https://dev.mysql.com/doc/refman/9.7/en/alter-table.html
import type { AlterAction, ColumnPlace } from '../ast/definition.ts';
import type { Statement } from '../ast/statement.ts';
import type { TableOptions, TableParts } from '../ast/table.ts';
import { type Constraints, parseColumnSpec, parseFallback } from './column-spec.ts';
import type { Cursor } from './cursor.ts';
import { parseIndexSpec } from './index-spec.ts';
import { parseTableName } from './names.ts';
import { parsePartitioning, parsePartitionList } from './partitioning.ts';
import { noOptions, parseCharsetOption, parseTableOption } from './table-options.ts';

function parsePlace(c: Cursor): ColumnPlace {
  if (c.accept('FIRST')) return { after: undefined, first: true };
  return { after: c.accept('AFTER') ? c.name() : undefined, first: false };
}

/** The constraints of a definition as actions of their own. */
function constraintActions({ checks, foreignKeys }: Constraints): AlterAction[] {
  return [
    ...checks.map((check) => ({ kind: 'add-check', check }) as const),
    ...foreignKeys.map((key) => ({ kind: 'add-foreign-key', key }) as const),
  ];
}

function noParts(): TableParts {
  return { columns: [], indexes: [], foreignKeys: [], checks: [] };
}

function indexActions(parts: TableParts): AlterAction[] {
  return [...parts.indexes.map((index) => ({ kind: 'add-index', index }) as const), ...constraintActions(parts)];
}

function parseAdd(c: Cursor): AlterAction[] {
  if (c.accept('PARTITION')) return [parseAddPartition(c)];
  const parts = noParts();
  if (!c.is('COLUMN') && parseIndexSpec(c, parts)) return indexActions(parts);
  c.accept('COLUMN');
  if (c.is('(')) {
    const columns = c.parenthesised(() =>
      c.list((): AlterAction[] => {
        if (parseIndexSpec(c, parts)) return [];
        const column = parseColumnSpec(c, c.name(), parts);
        return [{ kind: 'add-column', column, after: undefined, first: false }];
      }),
    );
    return [...columns.flat(), ...indexActions(parts)];
  }
  const column = parseColumnSpec(c, c.name(), parts);
  return [{ kind: 'add-column', column, ...parsePlace(c) }, ...constraintActions(parts)];
}

function parseAddPartition(c: Cursor): AlterAction {
  if (c.acceptOne('NO_WRITE_TO_BINLOG', 'LOCAL')) c.advance();
  if (c.accept('PARTITIONS')) return { kind: 'add-partitions', partitions: [], count: c.integer() };
  return { kind: 'add-partitions', partitions: parsePartitionList(c), count: 0 };
}

function parseDrop(c: Cursor): AlterAction[] {
  if (c.accept('PARTITION')) return [{ kind: 'drop-partitions', names: c.list(() => c.name()) }];
  if (c.acceptAll('PRIMARY', 'KEY')) return [{ kind: 'drop-index', name: 'PRIMARY' }];
  if (c.acceptOne('INDEX', 'KEY')) return [{ kind: 'drop-index', name: c.name() }];
  if (c.acceptAll('FOREIGN', 'KEY')) return [{ kind: 'drop-foreign-key', name: c.name() }];
  if (c.accept('CHECK')) return [{ kind: 'drop-check', name: c.name() }];
  if (c.accept('CONSTRAINT')) return [{ kind: 'drop-constraint', name: c.name() }];
  c.accept('COLUMN');
  const name = c.name();
  c.acceptOne('RESTRICT', 'CASCADE');
  return [{ kind: 'drop-column', name }];
}

function parseRedefinition(c: Cursor, renames: boolean): AlterAction[] {
  c.accept('COLUMN');
  const from = c.name();
  const parts = noParts();
  const column = parseColumnSpec(c, renames ? c.name() : from, parts);
  return [{ kind: 'change-column', from, column, ...parsePlace(c) }, ...constraintActions(parts)];
}

function parseRename(c: Cursor): AlterAction {
  if (c.acceptOne('INDEX', 'KEY')) {
    const from = c.name();
    c.expect('TO');
    return { kind: 'rename-index', from, to: c.name() };
  }
  if (c.is('COLUMN')) {
    c.advance();
    const from = c.name();
    c.expect('TO');
    return { kind: 'rename-column', from, to: c.name() };
  }
  c.acceptOne('TO', 'AS', '=');
  return { kind: 'rename', ...parseTableName(c) };
}

function parseEnforced(c: Cursor): boolean {
  const not = c.accept('NOT');
  c.expect('ENFORCED');
  return !not;
}

function parseAlterPart(c: Cursor): AlterAction {
  if (c.accept('INDEX')) {
    const name = c.name();
    const word = c.acceptOne('VISIBLE', 'INVISIBLE');
    if (!word) throw c.fail();
    return { kind: 'index-visibility', name, invisible: word === 'INVISIBLE' };
  }
  const constraint = c.acceptOne('CHECK', 'CONSTRAINT');
  if (constraint) {
    const name = c.name();
    return { kind: 'enforce-check', name, enforced: parseEnforced(c), any: constraint === 'CONSTRAINT' };
  }
  c.accept('COLUMN');
  const name = c.name();
  if (c.acceptAll('DROP', 'DEFAULT')) return { kind: 'set-default', name, fallback: undefined, computed: false };
  c.expect('SET');
  const word = c.acceptOne('VISIBLE', 'INVISIBLE');
  if (word) return { kind: 'column-visibility', name, invisible: word === 'INVISIBLE' };
  c.expect('DEFAULT');
  return { kind: 'set-default', name, ...parseFallback(c) };
}

function parseConvert(c: Cursor): AlterAction {
  c.expect('TO');
  const into = { charset: '', collation: '' };
  if (!parseCharsetOption(c, into) || into.charset === '') throw c.fail();
  if (c.is('COLLATE')) parseCharsetOption(c, into);
  return { kind: 'convert', ...into };
}

const PARTITION_WORK = {
  TRUNCATE: 'truncate',
  ANALYZE: 'analyze',
  CHECK: 'check',
  OPTIMIZE: 'optimize',
  REPAIR: 'repair',
  REBUILD: 'rebuild',
  DISCARD: 'discard',
  IMPORT: 'import',
} as const;

function parsePartitionWork(c: Cursor): AlterAction | undefined {
  if (c.peek().upper !== 'PARTITION') return undefined;
  const word = c.acceptOne(...Object.keys(PARTITION_WORK), 'COALESCE', 'REORGANIZE', 'EXCHANGE');
  if (!word) return undefined;
  c.advance();
  if (c.acceptOne('NO_WRITE_TO_BINLOG', 'LOCAL')) c.ended;
  if (word === 'COALESCE') return { kind: 'coalesce-partitions', count: c.integer() };
  if (word === 'REORGANIZE') {
    const names = c.list(() => c.name());
    c.expect('INTO');
    return { kind: 'reorganize-partitions', names, into: parsePartitionList(c) };
  }
  if (word === 'EXCHANGE') {
    const name = c.name();
    c.expect('WITH', 'TABLE');
    const table = parseTableName(c);
    const without = c.acceptAll('WITHOUT', 'VALIDATION');
    if (!without && c.accept('WITH')) c.expect('VALIDATION');
    return { kind: 'exchange-partition', name, table, validate: !without };
  }
  const operation = PARTITION_WORK[word as keyof typeof PARTITION_WORK];
  const names = c.accept('ALL') ? undefined : c.list(() => c.name());
  if (operation === 'discard' || operation === 'import') c.expect('TABLESPACE');
  if (operation === 'check') while (c.acceptOne('FOR', 'UPGRADE', 'QUICK', 'FAST', 'MEDIUM', 'EXTENDED', 'CHANGED'));
  return { kind: 'partition-maintenance', operation, names };
}

function parseOther(c: Cursor, options: TableOptions): AlterAction {
  const word = c.acceptOne('ALGORITHM', 'LOCK');
  if (word) {
    c.accept('=');
    return {
      kind: word === 'LOCK' ? 'lock' : 'algorithm',
      value: c.is('DEFAULT') ? c.advance().text : c.nameOrText(),
    };
  }
  const keys = c.acceptOne('ENABLE', 'DISABLE');
  if (keys) {
    c.expect('KEYS');
    return { kind: 'keys', enable: keys === 'ENABLE' };
  }
  if (c.acceptAll('ORDER', 'BY')) {
    const columns = c.list(() => {
      const name = c.name();
      c.acceptOne('ASC', 'DESC');
      return name;
    });
    return { kind: 'order', columns };
  }
  if (c.accept('CONVERT')) return parseConvert(c);
  if (c.accept('ALTER')) return parseAlterPart(c);
  if (c.accept('FORCE')) return { kind: 'force' };
  if (c.acceptAll('DISCARD', 'TABLESPACE') || c.acceptAll('IMPORT', 'TABLESPACE')) return { kind: 'tablespace' };
  if (c.acceptAll('WITH', 'VALIDATION') || c.acceptAll('WITHOUT', 'VALIDATION')) return { kind: 'options' };
  if (!parseTableOption(c, options)) throw c.fail();
  while (parseTableOption(c, options));
  return { kind: 'options' };
}

function parseAction(c: Cursor, options: TableOptions): AlterAction[] {
  const partitions = parsePartitionWork(c);
  if (partitions) return [partitions];
  if (c.accept('ADD')) return parseAdd(c);
  if (c.accept('DROP')) return parseDrop(c);
  if (c.accept('MODIFY')) return parseRedefinition(c, false);
  if (c.accept('CHANGE')) return parseRedefinition(c, true);
  if (c.accept('RENAME')) return [parseRename(c)];
  return [parseOther(c, options)];
}

export function parseAlterTable(c: Cursor): Statement {
  const table = parseTableName(c);
  const options = noOptions();
  const actions: AlterAction[] = [];
  const bare = c.ended || c.is(';') || (c.is('PARTITION') && c.peek().upper === 'BY') || c.is('REMOVE');
  if (!bare) actions.push(...c.list(() => parseAction(c, options)).flat());
  if (c.acceptAll('PARTITION', 'BY')) actions.push({ kind: 'partition-by', partitioning: parsePartitioning(c) });
  else if (c.acceptAll('REMOVE', 'PARTITIONING')) actions.push({ kind: 'remove-partitioning' });
  return { kind: 'alter-table', table, actions, options };
}
