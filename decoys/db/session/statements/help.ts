// HELP: the topics, keywords and categories the help tables name. What a topic says is not kept: its text is as empty as theirs.
// Source: https://dev.mysql.com/doc/refman/9.7/en/help.html

import { systemRows } from '../../persona/system-tables.ts';
import type { Execution } from '../../sql/execution.ts';
import { matchesLike } from '../../sql/like.ts';
import { textColumn } from '../../wire/column.ts';
import type { RowsOutcome } from '../outcome.ts';
import { shown } from './result.ts';

const NAME_CHARACTERS = 64;
const TEXT_CHARACTERS = 1_000;

interface Topic {
  readonly id: string;
  readonly name: string;
  readonly category: string;
}

interface Category {
  readonly id: string;
  readonly name: string;
  readonly parent: string;
}

function topics(): Topic[] {
  return systemRows('mysql.help_topic').map(([id, name, category]) => ({
    id: id as string,
    name: name as string,
    category: category as string,
  }));
}

function categories(): Category[] {
  return systemRows('mysql.help_category').map(([id, name, parent]) => ({
    id: id as string,
    name: name as string,
    parent: parent as string,
  }));
}

/** Topics a keyword that matches leads to. */
function byKeyword(matches: (name: string) => boolean): Topic[] {
  const keywords = new Set(
    systemRows('mysql.help_keyword')
      .filter(([, name]) => matches(name as string))
      .map(([id]) => id),
  );
  const ids = new Set(
    systemRows('mysql.help_relation')
      .filter(([, keyword]) => keywords.has(keyword as string))
      .map(([topic]) => topic),
  );
  return topics().filter(({ id }) => ids.has(id));
}

function sorted<T extends { readonly name: string }>(items: readonly T[]): T[] {
  const keyOf = ({ name }: T) => name.toLowerCase();
  return [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
}

/** A topic alone: its name, what it says, and an example. */
function oneTopic({ name }: Topic): RowsOutcome {
  const columns = [
    textColumn('name', NAME_CHARACTERS),
    textColumn('description', TEXT_CHARACTERS),
    textColumn('example', TEXT_CHARACTERS),
  ];
  return { kind: 'rows', columns, rows: [[name, '', '']] };
}

/** A category alone: its topics, then the categories in it. */
function oneCategory({ id, name }: Category): RowsOutcome {
  const columns = [
    textColumn('source_category_name', NAME_CHARACTERS),
    textColumn('name', NAME_CHARACTERS),
    textColumn('is_it_category', 1),
  ];
  const own = sorted(topics().filter(({ category }) => category === id)).map((topic) => [name, topic.name, 'N']);
  const inside = sorted(categories().filter(({ parent }) => parent === id)).map((other) => [name, other.name, 'Y']);
  return { kind: 'rows', columns, rows: [...own, ...inside] };
}

/** HELP's answer for a mask: a topic, a list of them, or a category. */
export function runHelp(x: Execution, mask: string): RowsOutcome {
  const matches = (name: string) =>
    matchesLike(name, mask, '\\', 'utf8mb3_general_ci', (steps) => x.spend(steps)) ||
    name.toLowerCase() === mask.toLowerCase();
  const named = topics().filter(({ name }) => matches(name));
  const found = named.length > 0 ? named : byKeyword(matches);
  const [topic] = found;
  if (topic && found.length === 1) return oneTopic(topic);
  const kinds = categories().filter(({ name }) => matches(name));
  const [kind] = kinds;
  if (found.length === 0 && kind && kinds.length === 1) return oneCategory(kind);
  const rows = [...sorted(found).map(({ name }) => [name, 'N']), ...sorted(kinds).map(({ name }) => [name, 'Y'])];
  return shown(x.session, 'help', rows);
}
