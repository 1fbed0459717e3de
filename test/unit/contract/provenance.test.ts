import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { documentSchemas } from '../../../main/contract/provenance.ts';
import { provenanceOf } from '../../../main/export/provenance.ts';
import { run } from '../export/run.ts';

const written = (name: string) =>
  readFileSync(
    join(import.meta.dirname, '../../../docs/schema', name.replace('.json', '.schema.json')),
    'utf8',
  );

describe('the JSON Schemas in docs/schema', () => {
  const { prepared, result } = run;
  const files = {
    'summary.json': result.summary,
    'config.json': prepared.config,
    'provenance.json': provenanceOf(run),
  };

  it.each(documentSchemas())(
    'are those of the program (npm run docs:schemas writes them): $name',
    ({ name, text }) => {
      expect(written(name)).toBe(text);
    },
  );

  it.each(documentSchemas())('pass what an export writes, and nothing else: $name', ({ name }) => {
    const schema = z.fromJSONSchema(JSON.parse(written(name)) as Parameters<typeof z.fromJSONSchema>[0]);
    const file = JSON.parse(JSON.stringify(files[name])) as Record<string, unknown>;
    expect(schema.safeParse(file).error).toBeUndefined();
    const key = name === 'config.json' ? 'rounds' : 'seed';
    expect(schema.safeParse({ ...file, [key]: 'many' }).success).toBe(false);
  });
});
