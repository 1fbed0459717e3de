import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { familyFeatures, stepFamily, type StepResponse } from '../../../main/features/family-features.ts';
import { observedFamily } from '../../../main/features/observed.ts';
import { openRecording, type Recording } from '../../../main/recording/recording.ts';

/** A sweep of a cell of 200 MΩ that fires 0.1 Hz for every pA beyond 50 pA. */
function response(sweep: number, stepPa: number, changed: Record<string, number> = {}): StepResponse {
  const rate = Math.max(0, 0.1 * (stepPa - 50));
  const features: Record<string, number> = {
    spikeCount: Math.ceil(rate),
    meanRate: rate,
    depolarisationBlock: 0,
    restMean: -70,
    steadyVoltage: -70 + 0.2 * stepPa,
    timeConstant: stepPa < 0 ? 20 + sweep : Number.NaN,
    sag: stepPa < 0 ? -stepPa / 1000 : Number.NaN,
    ...changed,
  };
  return { sweep, stepPa, stepMs: 500, feature: (name) => features[name]! };
}
const steps = [-100, -50, 0, 50, 100, 150, 200];
const cell = steps.map((stepPa, sweep) => response(sweep, stepPa));
const valuesOf = (responses: readonly StepResponse[]) =>
  Object.fromEntries(
    familyFeatures(
      responses,
      responses.filter(({ stepPa }) => stepPa < 0),
    ).map((found) => [found.name, found]),
  );

describe('a family of steps', () => {
  it('has a rheobase, slopes, a time constant and a sag, and says in which sweeps they were measured', () => {
    const found = valuesOf(cell);
    expect(found.rheobase).toMatchObject({ value: 100, unit: 'pA', sweeps: [4] });
    expect(found.fiSlope).toMatchObject({ unit: 'Hz/pA', sweeps: [4, 5, 6] });
    expect(found.fiSlope!.value).toBeCloseTo(0.1, 12);
    expect(found.ivResistance).toMatchObject({ unit: 'MΩ', sweeps: [0, 1] });
    expect(found.ivResistance!.value).toBeCloseTo(200, 9);
    expect(found.stepTimeConstant).toMatchObject({ value: 20.5, sweeps: [0, 1] });
    expect(found.deepestSag).toMatchObject({ value: 0.1, sweeps: [0] });
  });

  it('takes hyperpolarising steps beside the main ones: a test pulse in every sweep', () => {
    const pulses = [response(3, -100), response(4, -98), response(5, -40)];
    const found = Object.fromEntries(familyFeatures(cell.slice(3), pulses).map((one) => [one.name, one]));
    expect(found.rheobase!.sweeps).toEqual([4]);
    expect(found.ivResistance!.value).toBeCloseTo(200, 9);
    expect(found.deepestSag).toMatchObject({ value: 0.099, sweeps: [3, 4] });
  });

  it('leaves a sweep in depolarisation block out of the slope', () => {
    const blocked = response(7, 250, { meanRate: 4, depolarisationBlock: 1 });
    expect(valuesOf([...cell, blocked]).fiSlope!.value).toBeCloseTo(0.1, 12);
  });

  it('says of what the family lacks why it is missing', () => {
    const silent = valuesOf([response(0, 10), response(1, 20)]);
    for (const feature of Object.values(silent)) expect(feature).toMatchObject({ value: null, sweeps: [] });
    expect(silent.rheobase!.missingBecause).toBe('No depolarising step with a spike.');
    expect(valuesOf([]).fiSlope!.missingBecause).toBe('Fewer than two such currents.');
  });

  it('holds the sweeps whose steps last equally long', () => {
    const short = { ...response(9, 300), stepMs: 5 };
    expect(stepFamily([short, ...cell]).map(({ sweep }) => sweep)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(stepFamily([])).toEqual([]);
  });
});

describe('the bundled example', () => {
  let recording: Recording;
  beforeAll(async () => {
    recording = await openRecording(
      join(import.meta.dirname, '../../../resources/examples/18711001-steps.nwb'),
    );
  });
  afterAll(() => recording.close());

  it('is measured over its sweeps, or over those that are asked for', async () => {
    const found = Object.fromEntries((await observedFamily(recording, 0)).map((one) => [one.name, one]));
    expect(found.rheobase!.sweeps).toEqual([3]);
    expect(found.rheobase!.value).toBe(120);
    expect(found.fiSlope!.value).toBeCloseTo((12 - 8) / (220 - 120), 9);
    expect(found.ivResistance!.sweeps).toEqual([0, 1]);
    expect(found.ivResistance!.value).toBeGreaterThan(150);
    expect(found.ivResistance!.value).toBeLessThan(230);
    const silent = await observedFamily(recording, 0, [0, 1, 2]);
    expect(silent[0]).toMatchObject({ name: 'rheobase', value: null });
  });
});
