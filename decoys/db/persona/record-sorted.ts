// A developer's tool, never bundled: how a live MySQL tells the columns of INFORMATION_SCHEMA's views once a query sorts or
// groups them, which goes through a temporary table. Prints a module of one JSON text a view.
// Run: node decoys/db/persona/record-sorted.ts PORT > decoys/db/persona/mysql-9.7-sorted.ts
import { WireClient } from '../../../test/protocol/db/wire-client.ts';
import type { WireColumn } from '../../../test/protocol/db/wire-reply.ts';

const CLIENT_BYTES = 4;
const client = await WireClient.session(Number(process.argv[2]));

function told(column: WireColumn): (string | number)[] {
  const text = column.charset === 255;
  const length = text ? column.length / CLIENT_BYTES : column.length;
  return [
    column.name,
    column.typeCode,
    length,
    column.flags,
    column.decimals,
    column.schema ?? '',
    column.orgTable ?? '',
  ];
}

const views = (
  await client.query("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA='information_schema'")
).rows as string[][];
const entries: string[] = [];
for (const [view] of views.sort()) {
  const straight = await client.query(`SELECT * FROM information_schema.${view} LIMIT 1`);
  const sorted = await client.query(`SELECT * FROM information_schema.${view} ORDER BY 1 LIMIT 1`);
  if (!straight.columns || !sorted.columns) continue;
  const [a, b] = [straight.columns.map(told), sorted.columns.map(told)];
  if (JSON.stringify(a) !== JSON.stringify(b)) entries.push(`  ${view}: String.raw\`${JSON.stringify(b)}\`,\n`);
}
process.stdout.write(
  [
    "// How a live MySQL 9.7.4 tells the columns of INFORMATION_SCHEMA's views it sorts: name, type, length, flags, decimals, schema,\n",
    '// original table. Written by record-sorted.ts.\n',
    '// biome-ignore-all lint/complexity/noUselessStringRaw: every text is raw, whether or not it holds an escape.\n\n',
    `export const SORTED: Readonly<Record<string, string>> = {\n${entries.join('')}};\n`,
  ].join(''),
);
await client.quit();
