import { describe, expect, it } from 'vitest';
import {
  blurFeatures,
  featureScales,
  rescale,
  scaleFeatures,
} from '../../../main/inference/standardisation.ts';
import { createRandom } from '../../../main/numeric/random.ts';

const parameters = { thetaMean: Float64Array.of(0), thetaSd: Float64Array.of(1) };

describe('featureScales', () => {
  it('gives the samples of a trace one mean and one sd, bad simulations left out', () => {
    const x = Float64Array.of(1, 3, 500, 500, 5, 7);
    const { xMean, xSd, xBend } = featureScales(x, Uint8Array.of(0, 1, 0), 2, 'alike');
    expect([[...xMean], [...xSd], [...xBend]]).toEqual([
      [4, 4],
      [Math.sqrt(5), Math.sqrt(5)],
      [0, 0],
    ]);
    expect([...featureScales(Float64Array.of(2, 2), Uint8Array.of(0), 2, 'alike').xSd]).toEqual([1, 1]);
  });

  it('leaves missing values and bad simulations out', () => {
    const x = Float64Array.of(1, 5, 3, NaN, 1e9, 1e9, NaN, 7);
    const { xMean, xSd } = featureScales(x, Uint8Array.of(0, 0, 1, 0), 2, 'z-score');
    expect([...xMean]).toEqual([2, 6]);
    expect([...xSd]).toEqual([1, 1]);
  });
  it('uses the unit itself where a feature never varies or is always missing', () => {
    const x = Float64Array.of(0.1, NaN, 0.1, NaN, 0.1, NaN);
    const { xMean, xSd } = featureScales(x, new Uint8Array(3), 2, 'z-score');
    expect(xMean[0]).toBeCloseTo(0.1, 12);
    expect(xMean[1]).toBe(0);
    expect([...xSd]).toEqual([1, 1]);
  });
  it('keeps its precision when the mean is large against the spread', () => {
    const x = Float64Array.of(1e8 - 1, 1e8, 1e8 + 1);
    const { xMean, xSd } = featureScales(x, new Uint8Array(3), 1, 'z-score');
    expect(xMean[0]).toBe(1e8);
    expect(xSd[0]).toBeCloseTo(Math.sqrt(2 / 3), 6);
  });
});

describe('robust scales', () => {
  const draws = (n: number, draw: (random: ReturnType<typeof createRandom>) => number) => {
    const random = createRandom(1);
    return Float64Array.from({ length: n }, () => draw(random));
  };
  const robust = (x: Float64Array) => featureScales(x, new Uint8Array(x.length), 1, 'robust');

  it('leave what is normal, uniform or a count as it is', () => {
    for (const x of [
      draws(500, (random) => 3 + 2 * random.normal()),
      draws(500, (random) => random.uniform()),
      draws(500, (random) => random.integer(12)),
    ])
      expect([...robust(x).xBend]).toEqual([0]);
  });
  it('spread values over decades evenly, so that a small one is told from a smaller one', () => {
    const x = draws(500, (random) => Math.exp(3 * random.normal()));
    const scales = robust(x);
    expect(scales.xBend[0]).toBeGreaterThan(0);
    const [small, smaller] = scaleFeatures(Float64Array.of(0.1, 0.03), scales);
    expect(small! - smaller!).toBeGreaterThan(0.2);
    // In plain z-scores their distance is what 0.07 is of an sd of several thousand.
    expect(0.07 / featureScales(x, new Uint8Array(500), 1, 'z-score').xSd[0]!).toBeLessThan(0.001);
  });
  it('are monotone, and keep the bulk of a Cauchy distribution within a few units', () => {
    const x = draws(500, (random) => Math.tan(Math.PI * (random.uniform() - 0.5)));
    const scales = robust(x);
    const sorted = scaleFeatures(x.slice().sort(), scales);
    expect(sorted.every((value, i) => i === 0 || value >= sorted[i - 1]!)).toBe(true);
    expect(sorted[375]! - sorted[125]!).toBeGreaterThan(0.5);
    // In plain z-scores the farthest of 500 lies near √500 = 22.
    expect(Math.max(...sorted.map(Math.abs))).toBeLessThan(8);
  });
  it('keep missing values missing', () => {
    const x = draws(100, (random) => Math.exp(3 * random.normal()));
    x[7] = NaN;
    expect(scaleFeatures(x, robust(x))[7]).toBeNaN();
  });
});

describe('rescale', () => {
  it('keeps the bends and takes means and standard deviations from the data at hand', () => {
    const pilot = Float64Array.from({ length: 300 }, (_, i) => Math.exp(0.05 * i));
    const own = { ...featureScales(pilot, new Uint8Array(300), 1, 'robust'), ...parameters };
    expect(own.xBend[0]).toBeGreaterThan(0);
    const x = Float64Array.of(2, NaN, 3, 5);
    const again = rescale(own, x, Float64Array.of(1, 2, 3, 6));
    expect([again.xCentre, again.xBend]).toEqual([own.xCentre, own.xBend]);
    expect([...again.thetaMean]).toEqual([3]);
    expect(again.thetaSd[0]).toBeCloseTo(Math.sqrt(3.5), 12);
    const z = scaleFeatures(x, again);
    expect(z[0]! + z[2]! + z[3]!).toBeCloseTo(0, 12);
    expect((z[0]! ** 2 + z[2]! ** 2 + z[3]! ** 2) / 3).toBeCloseTo(1, 12);
  });
  it('keeps the scale of what does not vary or is missing', () => {
    const own = { ...featureScales(Float64Array.of(1, 3), new Uint8Array(2), 1, 'z-score'), ...parameters };
    const again = rescale(own, Float64Array.of(NaN, NaN), Float64Array.of(7, 7));
    expect([...again.xMean, ...again.xSd]).toEqual([2, 1]);
    expect([...again.thetaMean, ...again.thetaSd]).toEqual([7, 1]);
  });
});

describe('blurFeatures', () => {
  it('adds noise of the wanted size as the network reads it, bent features included, and keeps missing ones missing', () => {
    const n = 20_000;
    const scales = {
      xCentre: Float64Array.of(0, 2),
      xBend: Float64Array.of(0, 0.5),
      xMean: Float64Array.of(-70, 1),
      xSd: Float64Array.of(12, 3),
    };
    const x = Float64Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? -65 : 40));
    x[7] = NaN;
    const before = scaleFeatures(x, scales);
    const after = scaleFeatures(blurFeatures(x, scales, 0.1, createRandom(1, 2)), scales);
    expect(after[7]).toBeNaN();
    for (const f of [0, 1]) {
      const added = [...after]
        .map((z, i) => z - before[i]!)
        .filter((z, i) => i % 2 === f && !Number.isNaN(z));
      const mean = added.reduce((sum, z) => sum + z, 0) / added.length;
      const sd = Math.sqrt(added.reduce((sum, z) => sum + (z - mean) ** 2, 0) / added.length);
      expect(Math.abs(mean)).toBeLessThan(0.003);
      expect(Math.abs(sd - 0.1)).toBeLessThan(0.002);
    }
  });
});
