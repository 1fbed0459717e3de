import { beforeAll, describe, expect, it } from 'vitest';
import { fitConfigSchema, type FitConfigInput } from '../../main/contract/config.ts';
import type { ResultRecord } from '../../main/inference/fit-store.ts';
import { runFit } from '../../main/inference/run-fit.ts';
import { standardDeviation } from '../../main/numeric/statistics.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { hodgkinHuxleyProblem, thetaStar } from './tasks/hodgkin-huxley.ts';

/** The paper's main experiment: the parameters of a Hodgkin–Huxley neuron observed at θ*, every setting at its default. */
async function fitAtThetaStar(changes: FitConfigInput): Promise<ResultRecord> {
  // strict: the same numbers on every processor, so that what holds here holds everywhere.
  const config = fitConfigSchema.parse({ rounds: 4, simulations: 4000, strict: true, ...changes });
  const prepare = () => hodgkinHuxleyProblem(config);
  return runFit({ id: 'theta-star', config, store: new MemoryStore(), version: 'test', prepare });
}

function column({ samples, summary }: ResultRecord, i: number): Float64Array {
  const width = summary.parameters.length;
  return Float64Array.from({ length: samples.length / width }, (_, s) => samples[width * s + i]!);
}

/** Posterior over prior standard deviation of a parameter with a uniform prior. */
function width(result: ResultRecord, name: string): number {
  const i = result.summary.parameters.findIndex((parameter) => parameter.name === name);
  const { prior } = result.summary.parameters[i]!;
  if (!('uniform' in prior)) throw new Error(`${name} has no uniform prior.`);
  const [low, high] = prior.uniform;
  return standardDeviation(column(result, i)) / ((high - low) / Math.sqrt(12));
}

/** θ* inside the 99 % region of every marginal, and outside the 90 % region of at most so many. */
async function expectTruth(
  result: ResultRecord,
  model: 'hh8' | 'hh12',
  outsideAtMost: number,
): Promise<void> {
  const truth = await thetaStar(model);
  const shares = result.summary.parameters.map(
    (_, i) => column(result, i).filter((value) => value < truth[i]!).length / 10_000,
  );
  result.summary.parameters.forEach(({ name }, i) => {
    expect.soft(shares[i], name).toBeGreaterThan(0.005);
    expect.soft(shares[i], name).toBeLessThan(0.995);
  });
  expect(shares.filter((share) => share < 0.05 || share > 0.95).length).toBeLessThanOrEqual(outsideAtMost);
}

function expectBracketed({ summary }: ResultRecord): void {
  for (const [name, percentile] of Object.entries(summary.diagnostics.predictivePercentiles)) {
    expect.soft(percentile, name).toBeGreaterThan(0.025);
    expect.soft(percentile, name).toBeLessThan(0.975);
  }
  expect(summary.diagnostics.verdict).toBe('trust');
}

describe('the posterior of 12 Hodgkin–Huxley parameters at θ*, with the paper’s prior of ±50 %', () => {
  let result: ResultRecord;
  beforeAll(async () => {
    result = await fitAtThetaStar({ model: 'hh12' });
  });

  it('holds θ* inside the 99 % region of every marginal, and inside the 90 % region of most', async () => {
    // Of twelve calibrated marginals, more than four leave θ* outside their 90 % region four times in a thousand.
    await expectTruth(result, 'hh12', 4);
  });
  it('is narrower than the prior where the data inform it', () => {
    // The threshold and the leak's reversal set when spikes come and where the membrane rests.
    expect(width(result, 'negVT')).toBeLessThan(0.6);
    expect(width(result, 'negEl')).toBeLessThan(0.6);
  });
  it('predicts features on both sides of every observed one', () => {
    expectBracketed(result);
  });
});

describe('the posterior of 8 Hodgkin–Huxley parameters at θ*, with a wide prior', () => {
  let result: ResultRecord;
  beforeAll(async () => {
    result = await fitAtThetaStar({ model: 'hh8' });
  });

  it('holds θ* inside the 99 % region of every marginal, and inside the 90 % region of most', async () => {
    // Under the wide prior θ* is an unusual parameter set for its own data: a simulation study (400,000 simulations, the nearest 1,500
    // reweighted) puts τ_max = 600 ms at the 7 ± 4 % quantile, and g_M = .07 1.5 standard deviations below its mean of .19.
    // Of eight calibrated marginals, more than three leave θ* outside their 90 % region once in two hundred times.
    await expectTruth(result, 'hh8', 3);
  });
  it('is narrower than the prior where the data inform it', () => {
    // The same study gives .30 of the prior's standard deviation for g_Na, .14 for g_K, .24 for g_l, .05 for V_T, .31 for E_l. Two and
    // a half times that is allowed, and .2 for V_T, which this number of simulations resolves less sharply than the rest.
    const bounds = { gNa: 0.75, gK: 0.35, gl: 0.6, negVT: 0.2, negEl: 0.78 };
    for (const [name, bound] of Object.entries(bounds))
      expect.soft(width(result, name), name).toBeLessThan(bound);
  });
  it('stays wide where the data say little, instead of pretending to know', () => {
    // The time constant of a slow current is hardly seen in 100 ms, nor is the amplitude of a small noise by means.
    for (const name of ['tauMax', 'sigma']) expect(width(result, name)).toBeGreaterThan(0.6);
  });
  it('predicts features on both sides of every observed one', () => {
    expectBracketed(result);
  });
});
