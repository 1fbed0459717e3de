import { describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { Mixture } from '../../../main/density/mixture.ts';
import { drawDefensive, importanceWeights, proposalLogDensities } from '../../../main/inference/proposal.ts';
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
    const { proposal } = await drawDefensive(500, estimate, prior, settings, createRandom(1));
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
