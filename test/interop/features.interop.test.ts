import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { allFeatures } from '../../main/features/all-features.ts';
import { featuresPage, placeIn, writePlace } from '../support/feature-tables.ts';
import { compareWithEfel, type ComparedSweep } from './efel-comparison.ts';
import { agreementTable, counterparts, differences, shareWithin } from './efel-table.ts';
import { pythonEnvironment } from './python.ts';

let version: string;
let sweeps: ComparedSweep[];
beforeAll(async () => {
  ({ version, sweeps } = await compareWithEfel(pythonEnvironment()));
});

const of = (file: string) => sweeps.filter((sweep) => sweep.file.startsWith(file));

describe('features beside eFEL’s', () => {
  it('are compared in every usable sweep of every recording', () => {
    const files = new Set(sweeps.map(({ file }) => file));
    console.log(
      `eFEL ${version}: ${allFeatures.definitions.length} features of ${sweeps.length} sweeps of ${files.size} recordings`,
    );
    expect(files.size).toBeGreaterThanOrEqual(8);
    expect(sweeps.length).toBeGreaterThanOrEqual(100);
    expect(counterparts.map(({ name }) => name).toSorted()).toEqual(
      allFeatures.definitions.map(({ name }) => name).toSorted(),
    );
  });

  for (const { name, within, share } of counterparts) {
    it(`${name}: agrees within ${within} by our definition in ${100 * share} % of the sweeps`, () => {
      const all = differences(sweeps, name, 'matched');
      const ours = sweeps.filter((sweep) => sweep.ours[name] !== null).length;
      expect(all.length).toBeGreaterThanOrEqual(0.85 * ours); // where eFEL finds no spike there is nothing to compare
      expect(shareWithin(all, within)).toBeGreaterThanOrEqual(share);
    });
  }

  it('differ in spike counts where V lies above −20 mV throughout, and where noise crosses it in a block', () => {
    // A sharp electrode without its offset balanced: troughs stay above −20 mV, and eFEL sees no crossing.
    const offset = of('hippocampus').filter(({ stepPa }) => stepPa >= 200);
    expect(offset.length).toBe(5);
    for (const sweep of offset) {
      expect(sweep.plain['spikeCount']).toBe(0);
      expect(sweep.ours['spikeCount']).toBeGreaterThan(7);
      expect(Math.abs(sweep.ours['spikeCount']! - sweep.matched['spikeCount']!)).toBeLessThanOrEqual(1);
    }
    // Block at −20 mV: 127 crossings of that level that no spike made.
    const block = of('PYR2').find(({ stepPa }) => Math.round(stepPa) === 298)!;
    expect(block.ours).toMatchObject({ spikeCount: 8, depolarisationBlock: 1 });
    expect(block.plain['spikeCount']).toBe(135);
    expect(block.matched['spikeCount']).toBe(8);
  });

  it('stand in docs/features.md as they were measured (npm run compare:features writes them)', () => {
    const table = agreementTable(sweeps);
    if (process.env['CHRONAXIE_WRITE_TABLES'] === '1') writePlace('efel-agreement', table);
    expect(placeIn(readFileSync(featuresPage, 'utf8'), 'efel-agreement')).toBe(table);
  });
});
