import { describe, expect, it } from 'vitest';
import { featuresWithGaps, hideFeatures, unmeasuredFeatures } from '../../../main/inference/unmeasured.ts';

describe('unmeasuredFeatures', () => {
  const n = 400;
  /** Feature 0 is always there, feature 1 is missing in every other simulation, feature 2 in the bad ones alone. */
  const x = Float64Array.from({ length: 3 * n }, (_, i) => {
    const row = Math.floor(i / 3);
    return (i % 3 === 1 && row % 2 === 0) || (i % 3 === 2 && row < 40) ? NaN : 1;
  });
  const bad = Uint8Array.from({ length: n }, (_, i) => (i < 40 ? 1 : 0));

  it('tells a feature that was not measured from one that is undefined in simulations too', () => {
    expect(unmeasuredFeatures(Float64Array.of(NaN, NaN, NaN), x, bad)).toEqual([0, 2]);
  });
  it('leaves observed features alone', () => {
    expect(unmeasuredFeatures(Float64Array.of(1, 2, 3), x, bad)).toEqual([]);
  });
});

describe('featuresWithGaps', () => {
  it('names the features that some row lacks, apart from the hidden ones', () => {
    const x = Float64Array.of(1, 2, 3, NaN, NaN, 6, 7, NaN, 9, 10, NaN, NaN);
    expect(featuresWithGaps(x, 4, [])).toEqual([0, 2, 3]);
    expect(featuresWithGaps(x, 4, [2])).toEqual([0, 3]);
    expect(featuresWithGaps(Float64Array.of(1, 2), 2, [])).toEqual([]);
  });
});

describe('hideFeatures', () => {
  it('hides a column without touching the original', () => {
    const x = Float64Array.of(1, 2, 3, 4);
    expect([...hideFeatures(x, 2, [1])]).toEqual([1, NaN, 3, NaN]);
    expect([...x]).toEqual([1, 2, 3, 4]);
  });
});
