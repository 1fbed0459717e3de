import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentSchemas } from '../../main/contract/provenance.ts';

/** Writes the JSON Schemas of the exported JSON files into docs/schema: npm run docs:schemas. */
const folder = join(import.meta.dirname, '../../docs/schema');
mkdirSync(folder, { recursive: true });
for (const { name, text } of documentSchemas()) {
  writeFileSync(join(folder, name.replace('.json', '.schema.json')), text);
}
