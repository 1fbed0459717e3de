import { describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { Mixture } from '../../../main/density/mixture.ts';
import { trainBadClassifier } from '../../../main/inference/bad-classifier.ts';
import {
  drawDefensive,
  drawTruncated,
  importanceWeights,
  proposalFromJson,
  proposalLogDensities,
  proposalToJson,
} from '../../../main/inference/proposal.ts';
import { independentPrior } from '../../../main/model/prior.ts';
import { createRandom } from '../../../main/numeric/random.ts';

const prior = independentPrior([{ name: 'a', unit: '', prior: { uniform: [0, 1] } }]);
const estimate = new Mixture({
  components: 1,
  dimension: 1,
  logWeights: Float64Array.of(0),
  means: Float64Array.of(0.9),
  precisionFactors: Float64Array.of(5),
});
const settings = fitConfigSchema.parse({}).proposal;

describe('the defensive proposal', () => {
  it('integrates to one over the prior’s support and is nothing outside', async () => {
    const { proposal } = await drawDefensive(500, estimate, prior, settings, null, createRandom(1));
    const grid = Float64Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);
    const mass = proposalLogDensities(proposal, prior, grid).reduce((sum, q) => sum + Math.exp(q) / 1000, 0);
    // The estimate's mass inside is known to .35 % from 20,000 draws.
    expect(mass).toBeCloseTo(1, 2);
    expect([...proposalLogDensities(proposal, prior, Float64Array.of(1.1))]).toEqual([-Infinity]);
  });
  it('bounds every weight by the share of the prior', async () => {
    const { theta, proposal, priorInstead } = await drawDefensive(
      2000,
      estimate,
      prior,
      settings,
      null,
      createRandom(2),
    );
    expect(priorInstead).toBe(0);
    const logDensity = proposalLogDensities(proposal, prior, theta);
    const raw = Array.from(theta, (_, i) => Math.exp(prior.logDensity(theta, i) - logDensity[i]!));
    expect(Math.max(...raw)).toBeLessThanOrEqual(1 / settings.priorFraction);
    const weights = importanceWeights(theta, new Uint8Array(2000).fill(1, 0, 10), prior, logDensity);
    expect([...weights.subarray(0, 10)]).toEqual(new Array(10).fill(0));
    expect(weights.reduce((sum, w) => sum + w, 0) / 1990).toBeCloseTo(1, 9);
  });
});

describe('a proposal thinned by a classifier of bad simulations', () => {
  // Bad below .5, which the classifier has learned from 2,000 draws of the prior.
  const random = createRandom(3);
  const learned = Float64Array.from({ length: 2000 }, () => random.uniform());
  const isBad = Uint8Array.from(learned, (theta) => Number(theta < 0.5));
  const classifier = trainBadClassifier(learned, isBad, prior, 1);
  const wide = new Mixture({
    components: 1,
    dimension: 1,
    logWeights: Float64Array.of(0),
    means: Float64Array.of(0.5),
    precisionFactors: Float64Array.of(5),
  });
  const grid = Float64Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);
  const truncation = { epsilon: 0.01 };

  it.each([
    ['defensive', () => drawDefensive(4000, wide, prior, settings, classifier, createRandom(4))],
    ['truncated', () => drawTruncated(4000, wide, prior, truncation, classifier, createRandom(4))],
  ])('draws few of them and knows its density (%s)', async (_, draw) => {
    const { theta, proposal, turnedAway } = await draw();
    const below = theta.filter((value) => value < 0.5).length / 4000;
    // 1 : 20 of one half to the other, and a boundary that is soft by some per cent.
    expect(below).toBeLessThan(0.1);
    expect(below).toBeGreaterThan(0.01);
    expect(turnedAway / (4000 + turnedAway)).toBeGreaterThan(0.4);
    const logDensity = proposalLogDensities(proposal, prior, grid);
    const mass = logDensity.reduce((sum, q) => sum + Math.exp(q) / 1000, 0);
    // The masses inside the support, the region and the classifier's half are each known to a per cent.
    expect(Math.abs(mass - 1)).toBeLessThan(0.03);
    const expected = logDensity.reduce((sum, q, i) => sum + (grid[i]! < 0.5 ? Math.exp(q) / 1000 : 0), 0);
    // Five standard errors of a share of 4,000.
    expect(Math.abs(below - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / 4000));
  });
  it('weighs draws back to the prior', async () => {
    const { theta, proposal } = await drawDefensive(8000, wide, prior, settings, classifier, createRandom(5));
    const good = new Uint8Array(8000);
    const weights = importanceWeights(theta, good, prior, proposalLogDensities(proposal, prior, theta));
    const below = weights.reduce((sum, w, i) => sum + (theta[i]! < 0.5 ? w : 0), 0) / 8000;
    // About 500 draws carry this half: standard error .5·.5/√500·√2.
    expect(Math.abs(below - 0.5)).toBeLessThan(0.05);
  });
  it('has the same density after it was stored; proposals of earlier versions have no thinning', async () => {
    const { theta, proposal } = await drawTruncated(
      500,
      wide,
      prior,
      truncation,
      classifier,
      createRandom(6),
    );
    const stored = proposalFromJson(proposalToJson(proposal));
    expect(proposalLogDensities(stored, prior, theta)).toEqual(proposalLogDensities(proposal, prior, theta));
    const { thinning, ...old } = JSON.parse(proposalToJson(proposal)) as Record<string, unknown>;
    expect(thinning).toMatchObject({ logMass: expect.any(Number) });
    expect(proposalFromJson(JSON.stringify(old)).thinning).toBeNull();
  });
});
