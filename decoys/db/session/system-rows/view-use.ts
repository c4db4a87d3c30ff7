// Rows of the dictionary's view of which tables and views each view reads; those of `sys`, then the source's own.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema-view-table-usage-table.html
import type { View } from '../../overlay/overlay.ts';
import type { Session } from '../session.ts';
import { withRecorded } from './indexes.ts';
import type { Provider, Record_ } from './record.ts';

interface Node {
  readonly kind?: unknown;
  readonly schema?: unknown;
  readonly name?: unknown;
}

/** Every node of a tree of syntax. */
function* nodesOf(tree: unknown): Iterable<Node> {
  if (typeof tree !== 'object' || tree === null || Buffer.isBuffer(tree)) return;
  if (!Array.isArray(tree)) yield tree as Node;
  for (const part of Array.isArray(tree) ? tree : Object.values(tree)) yield* nodesOf(part);
}

/** Schema and name of what a view names by nodes of one kind, each once, in the order of their names. */
function named(view: View, kind: string): [schema: string, name: string][] {
  const found = new Map<string, [string, string]>();
  for (const node of nodesOf(view.query)) {
    if (node.kind !== kind || typeof node.name !== 'string') continue;
    const schema = typeof node.schema === 'string' && node.schema !== '' ? node.schema : view.schema;
    found.set(`${schema}\0${node.name}`, [schema, node.name]);
  }
  return [...found.keys()].sort().map((key) => found.get(key) as [string, string]);
}

function ownViews(session: Session): View[] {
  return [...session.overlay.databases.values()].flatMap(({ views }) => [...views.values()]);
}

function viewTables(session: Session): Record_[] {
  const { databases } = session.overlay;
  return ownViews(session).flatMap((view) =>
    named(view, 'table')
      .filter(([schema, name]) => {
        const known = databases.get(schema);
        // A name of the query's own WITH is no table.
        return known ? known.tables.has(name) || known.views.has(name) : schema !== view.schema;
      })
      .map(([schema, name]) => ({
        VIEW_CATALOG: 'def',
        VIEW_SCHEMA: view.schema,
        VIEW_NAME: view.name,
        TABLE_CATALOG: 'def',
        TABLE_SCHEMA: schema,
        TABLE_NAME: name,
      })),
  );
}

export const VIEW_USE: Readonly<Record<string, Provider>> = {
  'information_schema.VIEW_TABLE_USAGE': withRecorded(
    'information_schema.VIEW_TABLE_USAGE',
    'VIEW_CATALOG VIEW_SCHEMA VIEW_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME'.split(' '),
    viewTables,
  ),
};
