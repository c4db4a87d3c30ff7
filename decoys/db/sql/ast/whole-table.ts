// TABLE t as the SELECT it stands for.
// Source: https://dev.mysql.com/doc/refman/9.7/en/table.html
import type { SelectCore } from './query.ts';

/** `SELECT * FROM schema.name`; `start` is where the name stands in the statement. */
export function wholeTable(schema: string, name: string, start = 0): SelectCore {
  return {
    kind: 'select',
    distinct: false,
    calcFoundRows: false,
    items: [{ expression: undefined, star: [], alias: undefined, text: '*' }],
    from: { kind: 'table', schema, name, alias: name, start },
    where: undefined,
    group: [],
    rollup: false,
    having: undefined,
    windows: new Map(),
  };
}
