import { describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { Mixture } from '../../../main/density/mixture.ts';
import {
  drawProposal,
  importanceWeights,
  priorInstead,
  proposalLogDensity,
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
const settings = fitConfigSchema.parse({});
const truncating = fitConfigSchema.parse({ algorithm: 'tsnpe' });

describe('the defensive proposal', () => {
  it('integrates to one over the prior’s support and is nothing outside', async () => {
    const { proposal } = await drawProposal(500, estimate, prior, settings, createRandom(1));
    const logDensity = proposalLogDensity(proposal, prior);
    let mass = 0;
    for (let i = 0; i < 1000; i++) mass += Math.exp(logDensity(Float64Array.of((i + 0.5) / 1000), 0)) / 1000;
    // The estimate's mass inside is known to .35 % from 20,000 draws.
    expect(mass).toBeCloseTo(1, 2);
    expect(logDensity(Float64Array.of(1.1), 0)).toBe(-Infinity);
  });
  it('bounds every weight by the share of the prior', async () => {
    const { theta, proposal } = await drawProposal(2000, estimate, prior, settings, createRandom(2));
    const logDensity = proposalLogDensity(proposal, prior);
    const raw = Array.from(theta, (_, i) => Math.exp(prior.logDensity(theta, i) - logDensity(theta, i)));
    expect(Math.max(...raw)).toBeLessThanOrEqual(1 / settings.proposal.priorFraction);
    const weights = importanceWeights(theta, new Uint8Array(2000).fill(1, 0, 10), prior, logDensity);
    expect([...weights.subarray(0, 10)]).toEqual(new Array(10).fill(0));
    expect(weights.reduce((sum, w) => sum + w, 0) / 1990).toBeCloseTo(1, 9);
  });
});

describe('priorInstead', () => {
  it('is 0 where the draws came as set', () => {
    expect(priorInstead({ estimate, priorFraction: 0.2, region: null }, settings)).toBe(0);
    const region = { logThreshold: -1, logMass: -1 };
    expect(priorInstead({ estimate, priorFraction: 0, region }, truncating)).toBe(0);
  });
  it('is the share that the prior had to give', () => {
    expect(priorInstead({ estimate, priorFraction: 0.9, region: null }, settings)).toBeCloseTo(0.7, 12);
    expect(priorInstead({ estimate, priorFraction: 1, region: null }, truncating)).toBe(1);
  });
});
