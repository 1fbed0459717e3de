import { describe, expect, it } from 'vitest';
import { independentPrior, normalPrior, type Prior } from '../../main/model/prior.ts';
import { createRandom } from '../../main/numeric/random.ts';
import { mean, standardDeviation } from '../../main/numeric/statistics.ts';
import { gridSamples } from '../support/grid-posterior.ts';
import { importanceSamples } from '../support/importance-posterior.ts';
import { linearPosterior, normalSamples } from '../support/normal-posterior.ts';
import * as linear from './tasks/linear.ts';
import * as logPriors from './tasks/log-priors.ts';
import * as shapes from './tasks/shapes.ts';
import { importSimulator, ownSimulatorPath, type KnownPosterior } from './tasks/task.ts';
import * as trouble from './tasks/trouble.ts';

const column = (values: Float64Array, d: number, columns: number) =>
  values.filter((_, i) => i % columns === d);

describe('samples from a grid', () => {
  it('have the moments of a narrow normal far off the middle of its box', () => {
    const n = 20_000;
    const samples = gridSamples(
      {
        logDensity: ([a, b]) => -(((a! - 3) / 0.01) ** 2 + ((b! + 40) / 2) ** 2) / 2,
        low: [-10, -100],
        high: [10, 100],
        cells: 200,
      },
      n,
      createRandom(1),
    );
    // Four standard errors: sd/√n of a mean, sd/√(2n) of a standard deviation.
    for (const [d, exact, sd] of [
      [0, 3, 0.01],
      [1, -40, 2],
    ] as const) {
      const values = column(samples, d, 2);
      expect(Math.abs(mean(values) - exact)).toBeLessThan((4 * sd) / Math.sqrt(n));
      expect(Math.abs(standardDeviation(values) / sd - 1)).toBeLessThan(4 / Math.sqrt(2 * n));
    }
  });
  it('fill a flat density up to its sharp ends', () => {
    const samples = gridSamples(
      { logDensity: ([a]) => (a! < 0.5 ? 0 : -Infinity), low: [0], high: [2], cells: 100 },
      10_000,
      createRandom(2),
    );
    expect(Math.min(...samples)).toBeGreaterThanOrEqual(0);
    // The largest of n uniform values lies 1/n below the end: a tenth of a per cent is ten times that.
    expect(Math.max(...samples)).toBeGreaterThan(0.499);
    // The end lies inside a cell no wider than 2/100.
    expect(Math.max(...samples)).toBeLessThan(0.52);
  });
  it('are refused where the density is nowhere positive', () => {
    const nowhere = { logDensity: () => -Infinity, low: [0], high: [1], cells: 10 };
    expect(() => gridSamples(nowhere, 10, createRandom(1))).toThrow('no point');
  });
});

describe('samples by importance resampling', () => {
  const problem = {
    dimension: 1,
    draws: 40_000,
    draw: (random: ReturnType<typeof createRandom>, out: Float64Array) => {
      out[0] = random.normal();
    },
  };
  it('turn a normal prior and a normal likelihood into their product', () => {
    const logLikelihood = ([theta]: Float64Array) => -((1 - theta!) ** 2) / 2;
    const samples = importanceSamples({ ...problem, logLikelihood }, 5000, createRandom(3));
    // N(½, ½); four standard errors of 5,000 draws out of some 30,000 effective ones.
    expect(Math.abs(mean(samples) - 0.5)).toBeLessThan(4 * Math.sqrt(0.5 / 4000));
    expect(Math.abs(standardDeviation(samples) / Math.SQRT1_2 - 1)).toBeLessThan(4 / Math.sqrt(2 * 4000));
  });
  it('are refused where hardly a draw counts', () => {
    const logLikelihood = ([theta]: Float64Array) => -(((theta! - 3) / 0.01) ** 2);
    expect(() => importanceSamples({ ...problem, logLikelihood }, 5000, createRandom(3))).toThrow('too few');
  });
});

describe('the posterior of a linear model', () => {
  it('is the precision-weighted mean in one dimension', () => {
    const model = { design: [[2]], noiseSd: [1], prior: { mean: [1], covariance: [[0.25]] } };
    const { mean: m, precision } = linearPosterior(model, [5]);
    // 1/.25 + 2² = 8 and (4 · 1 + 2 · 5)/8
    expect(precision[0]).toBeCloseTo(8, 12);
    expect(m[0]).toBeCloseTo(14 / 8, 12);
  });
  it('stays in its box', () => {
    const flat = linearPosterior({ design: [[1]], noiseSd: [1], prior: null }, [1]);
    const samples = normalSamples(flat, 1000, createRandom(4), { low: [0], high: [1] });
    expect(samples.every((value) => value >= 0 && value <= 1)).toBe(true);
  });
});

/**
 * Simulation-based calibration (Talts et al. 2018) of the exact samplers: the rank of a parameter drawn from the prior
 * among the exact samples for what the simulator makes of it is uniform, if and only if simulator, prior and sampler
 * belong together.
 * @returns √n times the Kolmogorov–Smirnov distance of each parameter's ranks from uniform
 */
async function rankDistances(known: KnownPosterior, draws: number): Promise<number[]> {
  const simulator = await importSimulator(ownSimulatorPath(known.file));
  const prior = priorOf(simulator);
  const ranks = prior.names.map((): number[] => []);
  const size = 100;
  for (let i = 0; i < draws; i++) {
    const random = createRandom(21, i);
    const theta = new Float64Array(prior.dimension);
    prior.sample(random, theta, 0);
    const x = await simulator.simulate(theta, () => random.uniform());
    const samples = known.sample(Float64Array.from(x), size, createRandom(22, i));
    ranks.forEach((own, d) => {
      const below = column(samples, d, prior.dimension).filter((value) => value < theta[d]!).length;
      own.push((below + random.uniform()) / (size + 1));
    });
  }
  return ranks.map((own) => {
    own.sort((a, b) => a - b);
    const gaps = own.map((u, i) => Math.max(u - i / draws, (i + 1) / draws - u));
    return Math.sqrt(draws) * Math.max(...gaps);
  });
}

function priorOf({ parameters, prior }: Awaited<ReturnType<typeof importSimulator>>): Prior {
  if (prior) {
    const names = parameters.map(({ name }) => name);
    return normalPrior(names, prior.normal.mean, prior.normal.covariance);
  }
  return independentPrior(
    parameters.map(({ name, prior: own }) => {
      if (!own) throw new Error(`${name} has no prior.`);
      return { name, unit: '', prior: own };
    }),
  );
}

describe('the exact samples of our own tasks', () => {
  const { linearTwo, linearFive, linearTen, boundedTwo, waiting } = linear;
  const { decay, logNormal } = logPriors;
  const { banana, plusMinus, fourModes, fourPointsCoarse } = shapes;
  const { heavyTails, missingLater, scales, counts } = trouble;
  it.each(
    Object.entries({
      ...{ linearTwo, linearFive, linearTen, boundedTwo, waiting, decay, logNormal },
      ...{ banana, plusMinus, fourModes, fourPointsCoarse, heavyTails, missingLater, scales, counts },
    }),
  )('are calibrated with the simulator and its prior (%s)', async (_, known) => {
    const distances = await rankDistances(known, 25);
    // Kolmogorov: 1.95 is exceeded once in a thousand.
    for (const distance of distances) expect(distance).toBeLessThan(1.95);
  });
});
