// Publishes the JSON Schemas of what comes out on stdout: dist/touch.schema.json and dist/alert.schema.json, from the TypeBox values.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AlertLine } from '../alerts/events/alert-line.ts';
import { TouchLine } from '../decoys/touch/schema.ts';

const dist = join(import.meta.dirname, '..', 'dist');
mkdirSync(dist, { recursive: true });
for (const schema of [TouchLine, AlertLine]) {
  const text = JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema }, null, 2);
  writeFileSync(join(dist, schema.$id), `${text}\n`);
}
