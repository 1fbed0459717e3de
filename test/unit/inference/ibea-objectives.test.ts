import { describe, expect, it } from 'vitest';
import { objectivesOf, objectiveSums, searchTarget } from '../../../main/inference/ibea-objectives.ts';

const observed = Float64Array.of(5, NaN, -70);
const sd = Float64Array.of(2, 1, 10);
const target = searchTarget(observed, sd);

describe('objectivesOf', () => {
  it('measures in standard deviations of the pilot and leaves out what was not observed', () => {
    expect(target.features).toEqual([0, 2]);
    const objectives = objectivesOf(Float64Array.of(4, 1, -75, 9, NaN, -70), Uint8Array.of(0, 0), target);
    expect([...objectives]).toEqual([0.5, 0.5, 2, 0]);
  });
  it('gives a missing feature 250, and a bad simulation 250 in everything', () => {
    const x = Float64Array.of(NaN, 1, -70, 5, 1, -70);
    expect([...objectivesOf(x, Uint8Array.of(0, 1), target)]).toEqual([250, 0, 250, 250]);
  });
  it('never holds a feature that is there for worse than one that is missing', () => {
    const x = Float64Array.of(1e9, 1, Infinity);
    expect([...objectivesOf(x, Uint8Array.of(0), target)]).toEqual([250, 250]);
  });
});

describe('objectiveSums', () => {
  it('adds up each row', () => {
    expect([...objectiveSums(Float64Array.of(1, 2, 3, 4, 5, 6), 3)]).toEqual([6, 15]);
  });
});
