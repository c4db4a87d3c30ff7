// MATCH … AGAINST: which full-text index it is answered from, and each row's rank.
// Source: https://dev.mysql.com/doc/refman/9.7/en/fulltext-search.html; errors as answered by a live 9.7.4.
import type { OverlayTable } from '../../overlay/table.ts';
import { ownTable } from '../../session/schemas.ts';
import type { IndexSpec } from '../ast/table.ts';
import { sqlError } from '../errors.ts';
import { parseBooleanQuery } from '../fulltext/boolean-query.ts';
import { type Document, documentOf, Search } from '../fulltext/ranking.ts';
import type { Parsing } from '../fulltext/words.ts';
import type { Node, Row, Scope } from '../scope.ts';
import { doubleType } from '../value/type.ts';
import { toText } from '../value/value.ts';
import { queriesIn } from '../walk.ts';
import { type Compiler, NUMERIC, type Of, scalar } from './compiler.ts';
import { compileColumn } from './names.ts';

/** Shortest words kept: innodb_ft_min_token_size and ft_min_word_len. */
const INNODB_SHORTEST = 3;
const MYISAM_SHORTEST = 4;

/** Cells one of a row's different words takes. */
const WORD_CELLS = 6;

function indexFor(table: OverlayTable | undefined, names: readonly string[]): IndexSpec | undefined {
  return table?.indexes.find(
    ({ kind, columns }) =>
      kind === 'fulltext' &&
      columns.length === names.length &&
      columns.every(({ name }) => names.includes(name.toLowerCase())),
  );
}

/** A text as the index has it. */
function textOf(value: Parameters<typeof toText>[0]): string {
  return toText(value) ?? '';
}

/** Throws 1054 for columns that are not there, 1191 where no index is over just these, 1210 for a search no row may change. */
export function compileMatch(c: Compiler, e: Of<'match'>, scope: Scope): Node {
  const { x } = c;
  const nodes = e.columns.map((column) => compileColumn(c, column, scope));
  const against = scalar(c, e.against, scope);
  if (e.against.kind === 'column') throw sqlError('ER_WRONG_ARGUMENTS', 'AGAINST');
  const [first] = nodes;
  const { orgTable = '', shownSchema = '' } = first?.column ?? {};
  const table = ownTable(x.session, shownSchema, orgTable);
  const names = nodes.map((node) => node.column?.orgName.toLowerCase() ?? '');
  const index = indexFor(table, names);
  const together = nodes.every(
    (node) => node.column?.orgTable === orgTable && node.column.table === first?.column?.table,
  );
  if (!table || !index || !together) throw sqlError('ER_FT_MATCHING_KEY_NOT_FOUND');
  const myisam = table.facts.engine === 'MyISAM';
  const parsing: Parsing = {
    ngram: index.parser?.toLowerCase() === 'ngram',
    shortest: myisam ? MYISAM_SHORTEST : INNODB_SHORTEST,
    collation: table.columns[table.columnAt(names[0] ?? '')]?.collation ?? '',
  };
  // A search that cannot be read is refused before any row is told.
  if (e.mode === 'boolean' && queriesIn(e.against).length === 0) parseBooleanQuery(textOf(against.get({ values: [] })));
  const spend = (steps: number) => x.spend(steps);
  const places = names.map((name) => table.columnAt(name));
  let search: Search | undefined;
  const searched = (row: Row): Search => {
    if (search) return search;
    const documents: Document[] = table.rows.map((stored) => {
      const values = places.map((place) => stored[place] ?? null);
      x.examine(values);
      const document = documentOf(values.map(textOf), parsing, spend);
      x.hold(document.fields.reduce((cells, field) => cells + field.length, document.counts.size * WORD_CELLS));
      return document;
    });
    search = new Search(textOf(against.get(row)), e.mode, documents, { parsing, myisam, spend });
    return search;
  };
  return {
    type: { ...doubleType(), nullable: true },
    coercibility: NUMERIC,
    get: (row) => {
      const values = nodes.map((node) => node.get(row));
      x.examine(values);
      return searched(row).rank(documentOf(values.map(textOf), parsing, spend));
    },
  };
}
