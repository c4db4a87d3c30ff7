// A developer's tool: runs the clients' scripts at a fresh live MySQL 9.7 and keeps what they print; twice, since what moves is no fixture.
// Run: node test/protocol/db/record-clients.ts PORT [NAME …]
import { writeFileSync } from 'node:fs';
import { fixtureOf, printedBy, RECORDED_CLIENTS, withoutPersona } from './recorded-clients.ts';

const [port = '', ...names] = process.argv.slice(2);
for (const client of RECORDED_CLIENTS) {
  if (names.length > 0 && !names.includes(client.name)) continue;
  const first = withoutPersona(await printedBy(client, Number(port)), Number(port));
  const second = withoutPersona(await printedBy(client, Number(port)), Number(port));
  if (first !== second) process.stdout.write(`${client.name}: not twice the same\n`);
  writeFileSync(fixtureOf(client), first);
}
