import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allFeatures } from '../../../main/features/all-features.ts';
import { definedNames, definitionText, exactDefinition } from '../../../main/features/definitions.ts';
import { familyDefinitions } from '../../../main/features/family-features.ts';
import { definitionTables, featuresPage, placeIn } from '../../support/feature-tables.ts';

describe('the definitions of features', () => {
  it('are there for every feature of a sweep and of a family, and for nothing else', () => {
    const names = [...allFeatures.definitions, ...familyDefinitions].map(({ name }) => name);
    expect(definedNames.toSorted()).toEqual(names.toSorted());
  });

  it('stand in docs/features.md as they are in the code (npm run docs:features writes them)', () => {
    const page = readFileSync(featuresPage, 'utf8');
    for (const [name, table] of Object.entries(definitionTables)) expect(placeIn(page, name)).toBe(table);
  });

  it('say when a feature is missing, if it ever is', () => {
    expect(definitionText('latency')).toMatch(/onset of the step\. Missing: no spike\.$/);
    expect(definitionText('spikeCount')).not.toContain('Missing');
  });

  it('refuse a name that no feature has', () => {
    expect(() => exactDefinition('toString')).toThrow(RangeError);
  });
});
