import { beforeAll, describe, expect, it } from 'vitest';
import { trainBadClassifier, type BadClassifier } from '../../../main/inference/bad-classifier.ts';
import {
  thin,
  thinnedLogRatios,
  thinningFromJson,
  thinningToJson,
} from '../../../main/inference/thinning.ts';
import { createRandom, type RandomStream } from '../../../main/numeric/random.ts';

/** A prior U[0, 1]², bad where the first parameter is above 0.6. */
const prior = {
  dimension: 2,
  mean: Float64Array.of(0.5, 0.5),
  sd: Float64Array.of(1, 1).map((width) => width / Math.sqrt(12)),
};
const uniform = (random: RandomStream) => (count: number) =>
  Promise.resolve(Float64Array.from({ length: 2 * count }, () => random.uniform()));
let classifier: BadClassifier;
beforeAll(async () => {
  const theta = await uniform(createRandom(1))(3000);
  const bad = Uint8Array.from({ length: 3000 }, (_, i) => (theta[2 * i]! > 0.6 ? 1 : 0));
  classifier = trainBadClassifier(theta, bad, prior, 1)!;
});
const drawn = (n: number, seed = 2) =>
  thin(uniform(createRandom(seed)), classifier, n, 2, createRandom(seed, 1));

describe('a thinned proposal', () => {
  it('turns most draws away where simulations go bad, and keeps a few of them', async () => {
    const { theta, turnedAway } = await drawn(4000);
    expect(theta).toHaveLength(8000);
    const bad = theta.filter((value, i) => i % 2 === 0 && value > 0.6).length / 4000;
    // Two fifths of the prior at a probability of 0.05 beside three fifths at 1: 3.2 %; the boundary is soft by some per cent.
    expect(bad).toBeGreaterThan(0.02);
    expect(bad).toBeLessThan(0.09);
    expect(turnedAway / (4000 + turnedAway)).toBeGreaterThan(0.33);
    expect(turnedAway / (4000 + turnedAway)).toBeLessThan(0.4);
  });
  it('has the density that its weights assume: it integrates to 1, and weighted draws are the proposal’s again', async () => {
    const { theta, thinning } = await drawn(8000);
    const grid = 200;
    const points = Float64Array.from({ length: 2 * grid * grid }, (_, i) => {
      const cell = Math.floor(i / 2);
      return ((i % 2 === 0 ? cell % grid : Math.floor(cell / grid)) + 0.5) / grid;
    });
    const ratios = thinnedLogRatios(thinning, points);
    const integral = ratios.reduce((sum, ratio) => sum + Math.exp(ratio) / grid ** 2, 0);
    // Z from about 13,000 judged draws: relative standard error √(Var(1 − ĝ)/13,000)/0.62 < 0.7 %; three of them.
    expect(Math.abs(integral - 1)).toBeLessThan(0.02);
    const weights = thinnedLogRatios(thinning, theta).map((ratio) => Math.exp(-ratio));
    const total = weights.reduce((sum, w) => sum + w, 0);
    const above = weights.reduce((sum, w, i) => sum + (theta[2 * i]! > 0.6 ? w : 0), 0) / total;
    const second = weights.reduce((sum, w, i) => sum + w * theta[2 * i + 1]!, 0) / total;
    // Some 260 draws above 0.6 carry two fifths of the weight: standard error 0.4·0.6/√260 = 0.015; three of them.
    expect(Math.abs(above - 0.4)).toBeLessThan(0.045);
    // The effective sample size is near 600: 0.29/√600 = 0.012.
    expect(Math.abs(second - 0.5)).toBeLessThan(0.036);
  });
  it('never gives a weight beyond 20, wherever a draw lies', async () => {
    const { thinning } = await drawn(100);
    const far = Float64Array.of(0, 0, 1, 1, 100, -100, 0.6, 0.5);
    const keep = thinnedLogRatios(thinning, far).map((ratio) => Math.exp(ratio + thinning.logMass));
    keep.forEach((probability) => expect(probability).toBeGreaterThan(0.049));
    expect(keep[2]).toBeCloseTo(0.05, 10);
  });
  it('is the same with the same streams, and after it was stored', async () => {
    const [first, again] = [await drawn(500), await drawn(500)];
    expect(again.theta).toEqual(first.theta);
    expect(again.turnedAway).toBe(first.turnedAway);
    const stored = thinningFromJson(
      JSON.parse(JSON.stringify(thinningToJson(first.thinning))) as ReturnType<typeof thinningToJson>,
    );
    expect(thinnedLogRatios(stored, first.theta)).toEqual(thinnedLogRatios(first.thinning, first.theta));
  });
  it('ends with what was found where nothing more can be drawn', async () => {
    const random = createRandom(4);
    const tenAtMost = (count: number) => uniform(random)(Math.min(10, count));
    const { theta, turnedAway } = await thin(tenAtMost, classifier, 100, 2, createRandom(5));
    expect(theta.length / 2 + turnedAway).toBe(10);
    const nothing = () => Promise.resolve(new Float64Array(0));
    const empty = await thin(nothing, classifier, 100, 2, createRandom(5));
    expect([empty.theta.length, empty.thinning.logMass]).toEqual([0, 0]);
  });
});
