// A developer's tool: asks a live MySQL 9.7 all fingerprints, twice, and the built decoy; prints what differs, and with --write
// keeps what both answer alike. What a live server does not say twice alike is no fingerprint.
// Run: node test/protocol/db/record-fingerprints.ts port decoy-port [--write]
import { writeFileSync } from 'node:fs';
import { answersOf, FAMILIES, FIXTURE } from './fingerprint/families.ts';

const [port = '', decoyPort = '', write = ''] = process.argv.slice(2);
const SHOWN_CHARACTERS = 900;

const kept: Record<string, string> = {};
let asked = 0;
let unsteady = 0;
for (const family of FAMILIES) {
  const live = await answersOf(Number(port), family);
  const again = await answersOf(Number(port), family);
  const decoy = await answersOf(Number(decoyPort), family);
  for (const { name } of family.asked) {
    const key = `${family.name}: ${name}`;
    const told = live[name] ?? '';
    asked++;
    if (told !== again[name]) unsteady++;
    else if (told === decoy[name]) kept[key] = told;
    else
      process.stdout.write(
        `${key}\n  live  ${told.slice(0, SHOWN_CHARACTERS)}\n  decoy ${decoy[name]?.slice(0, SHOWN_CHARACTERS)}\n`,
      );
    if (told !== again[name]) process.stdout.write(`${key}: not twice alike\n`);
  }
}
const alike = Object.keys(kept).length;
process.stdout.write(`${asked} asked, ${unsteady} not twice alike, ${asked - unsteady - alike} answered otherwise\n`);
if (write === '--write') writeFileSync(FIXTURE, `${JSON.stringify(kept, null, 1)}\n`);
process.exit(0);
