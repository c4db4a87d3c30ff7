// Publishes the JSON Schema of the touch line: dist/touch.schema.json, from the one TypeBox value.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TouchLine } from '../decoys/touch/schema.ts';

const dist = join(import.meta.dirname, '..', 'dist');
mkdirSync(dist, { recursive: true });
const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...TouchLine };
writeFileSync(join(dist, 'touch.schema.json'), `${JSON.stringify(schema, null, 2)}\n`);
