import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../main/numeric/random.ts';
import { analyseStimulus, idealise, mainStep } from '../../../main/recording/stimulus.ts';
import { stepCurrent } from './nwb-fixture.ts';

const rateHz = 10_000;

function noisy(current: Float32Array, sd: number, seed = 1): Float32Array {
  const random = createRandom(seed);
  return current.map((pa) => pa + sd * random.normal());
}

describe('analyseStimulus', () => {
  it('reads an exact command to the sample', () => {
    const current = stepCurrent(10_000, 100.1, 600.3, -75, 12.5);
    expect(analyseStimulus(current, rateHz)).toEqual({
      kind: 'command',
      holdingPa: 12.5,
      steps: [{ startMs: 100.1, endMs: 600.3, amplitudePa: -75, relativePa: -87.5 }],
    });
  });

  it('finds consecutive steps and a short test pulse', () => {
    const current = stepCurrent(10_000, 100, 300, 50).map((pa, i) => (i >= 3000 && i < 4000 ? 80 : pa));
    current.fill(-20, 9000, 9050);
    expect(analyseStimulus(current, rateHz).steps).toMatchObject([
      { startMs: 100, endMs: 300, amplitudePa: 50 },
      { startMs: 300, endMs: 400, amplitudePa: 80 },
      { startMs: 900, endMs: 905, amplitudePa: -20 },
    ]);
  });

  it('finds no step in silence, in a ramp, or in a command that is noise', () => {
    expect(analyseStimulus(new Float32Array(5000), rateHz)).toEqual({
      kind: 'command',
      holdingPa: 0,
      steps: [],
    });
    const ramp = Float32Array.from({ length: 5000 }, (_, i) => Math.max(0, i - 1000) * 0.05);
    expect(analyseStimulus(ramp, rateHz).steps).toEqual([]);
    const noise = noisy(new Float32Array(5000), 40);
    noise.fill(0, 0, 500);
    expect(analyseStimulus(noise, rateHz)).toMatchObject({ kind: 'command', steps: [] });
  });

  it.each([1, 2, 3])(
    'finds a recorded step of 25 pA in noise of 9 pA to half a millisecond (seed %i)',
    (seed) => {
      const found = analyseStimulus(noisy(stepCurrent(20_000, 80, 1080, -50, -75), 9, seed), rateHz);
      expect(found.kind).toBe('recorded');
      expect(found.steps).toHaveLength(1);
      const step = found.steps[0]!;
      expect(Math.abs(step.startMs - 80)).toBeLessThan(0.5);
      expect(Math.abs(step.endMs - 1080)).toBeLessThan(0.5);
      // the median of 10,000 samples of sd 9 has sd 0.11; of the 800 before the step 0.4: five of them
      expect(Math.abs(step.amplitudePa + 50)).toBeLessThan(0.6);
      expect(Math.abs(found.holdingPa + 75)).toBeLessThan(2);
    },
  );

  it('is not misled by transients at the edges and during the step', () => {
    const clean = stepCurrent(20_000, 80, 1080, 150, -75);
    for (const at of [800, 860, 1500, 2200, 10_800])
      for (let i = 0; i < 20; i++) clean[at + i]! += i < 8 ? 400 : -90;
    const found = analyseStimulus(noisy(clean, 5), rateHz);
    expect(found.steps).toHaveLength(1);
    expect(Math.abs(found.steps[0]!.startMs - 80)).toBeLessThan(0.5);
    expect(Math.abs(found.steps[0]!.endMs - 1080)).toBeLessThan(3); // the transient hides the edge for 2 ms
    expect(Math.abs(found.steps[0]!.relativePa - 225)).toBeLessThan(2);
  });
});

describe('mainStep', () => {
  const step = (startMs: number, endMs: number, relativePa: number) => ({
    startMs,
    endMs,
    amplitudePa: relativePa,
    relativePa,
  });

  it('takes the longest step, and of equally long ones the largest', () => {
    expect(mainStep([step(0, 300, -100), step(500, 1000, 10)])?.startMs).toBe(500);
    expect(mainStep([step(0, 300, 20), step(500, 800, -60)])?.startMs).toBe(500);
    expect(mainStep([])).toBeNull();
  });
});

describe('idealise', () => {
  it('draws the steps on the holding current, and cuts them at the end', () => {
    const current = idealise(8, 1000, -5, [
      { startMs: 2, endMs: 4, amplitudePa: 10, relativePa: 15 },
      { startMs: 7, endMs: 20, amplitudePa: 3, relativePa: 8 },
    ]);
    expect(Array.from(current)).toEqual([-5, -5, 10, 10, -5, -5, -5, 3]);
  });

  it('gives an exact command back', () => {
    const command = stepCurrent(10_000, 100.1, 600.3, -75, 12.5);
    const { holdingPa, steps } = analyseStimulus(command, rateHz);
    expect(idealise(command.length, rateHz, holdingPa, steps)).toEqual(command);
  });
});
