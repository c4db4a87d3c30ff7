// SELECTs the server makes itself, with nothing but what is selected from where.
// Source: https://dev.mysql.com/doc/refman/9.7/en/table.html for TABLE
import type { Expression } from './expression.ts';
import type { SelectCore, SelectItem, TableRef } from './query.ts';

/** `SELECT items [FROM from] [WHERE where]`. */
export function plainSelect(items: readonly SelectItem[], from?: TableRef, where?: Expression): SelectCore {
  return {
    kind: 'select',
    distinct: false,
    calcFoundRows: false,
    items,
    from,
    where,
    group: [],
    rollup: false,
    having: undefined,
    windows: new Map(),
  };
}

/** `SELECT * FROM from`. */
export function everyColumnOf(from: TableRef): SelectCore {
  return plainSelect([{ expression: undefined, star: [], alias: undefined, text: '*' }], from);
}

/** TABLE, as the `SELECT * FROM schema.name` it stands for; `start` is where the name stands in the statement. */
export function wholeTable(schema: string, name: string, start = 0): SelectCore {
  return everyColumnOf({ kind: 'table', schema, name, alias: name, start });
}
