/**
 * The Hodgkin–Huxley model with spike features, over a prior in which half of the simulations lack some of them: learned values with
 * indicators, against setting those simulations aside, without and with the classifier of bad simulations. First five rounds
 * at θ*; then one round from the prior, scored by the log density of the true parameters of 2,000 simulations that it has not seen.
 * Run: node bench/silent-simulations.ts [seeds]; about two minutes a seed on two idle cores.
 */
import { fitConfigSchema, type FitConfig, type FitConfigInput } from '../main/contract/config.ts';
import type { ResultRecord } from '../main/inference/fit-store.ts';
import { drawPrior } from '../main/inference/proposal.ts';
import { runFit } from '../main/inference/run-fit.ts';
import { createRandom } from '../main/numeric/random.ts';
import { SimulatorPool } from '../main/simulate/simulator-pool.ts';
import { estimatorFromBytes } from '../main/train/stacked-estimator.ts';
import { mean, median, standardDeviation } from '../main/numeric/statistics.ts';
import { hodgkinHuxleyProblem, thetaStar } from '../test/statistical/tasks/hodgkin-huxley.ts';
import { MemoryStore } from '../test/support/memory-store.ts';

const seeds = Number(process.argv[2] ?? 2);
const truth = await thetaStar('hh8');
const ways: [string, FitConfigInput['badSimulations']][] = [
  ['learned values', { missingFeatures: 'impute' }],
  ['set aside', { missingFeatures: 'bad', classifier: false }],
  ['set aside, with classifier', { missingFeatures: 'bad' }],
];

const titles =
  'seed | missing features | simulations used | effective ones in round 5 | mean width, share of the prior’s | distance of predictions | features outside 95 % | θ* outside 95 % | seconds';
console.log(`| ${titles} |\n|${' --- |'.repeat(titles.split('|').length)}`);
for (let seed = 1; seed <= seeds; seed++) {
  for (const [name, badSimulations] of ways) {
    const settings = { algorithm: 'tsnpe', rounds: 5, simulations: 2000, strict: true, seed } as const;
    const config = fitConfigSchema.parse({ ...settings, features: { set: 'spikes' }, badSimulations });
    const store = new MemoryStore();
    const result = await runFit({
      id: 'silent',
      config,
      store,
      version: 'bench',
      prepare: () => hodgkinHuxleyProblem(config),
    });
    const { rounds, diagnostics } = result.summary;
    const used = rounds.reduce((sum, round) => sum + round.simulations - round.bad, 0);
    const outside = Object.values(diagnostics.predictivePercentiles).filter(
      (p) => p !== null && (p < 0.025 || p > 0.975),
    );
    const cells = [
      seed,
      name,
      `${used} of 10000`,
      Math.round(rounds.at(-1)!.ess),
      meanWidth(result).toFixed(3),
      predictiveDistance(result, store.pilot('silent')!.xSd).toFixed(3),
      outside.length,
      truthOutside(result),
      Math.round(result.summary.seconds),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

console.log('\nlog density of the true parameters, nats above the prior’s (npe, 10,000 simulations)\n');
console.log(
  '| seed | missing features | complete simulations | those that lack features |\n| --- | --- | --- | --- |',
);
for (let seed = 1; seed <= seeds; seed++) {
  for (const [name, badSimulations] of ways.slice(0, 2)) {
    const settings = { algorithm: 'npe', simulations: 10_000, strict: true, seed } as const;
    const config = fitConfigSchema.parse({ ...settings, features: { set: 'spikes' }, badSimulations });
    const store = new MemoryStore();
    const prepare = () => hodgkinHuxleyProblem(config);
    await runFit({ id: 'npe', config, store, version: 'bench', prepare });
    const { complete, incomplete } = await heldOutScores(config, store.rounds('npe')[0]!.estimator);
    // A network that has not seen a gap has nothing to say about one.
    const cells = [
      seed,
      name,
      complete.toFixed(2),
      badSimulations?.missingFeatures === 'bad' ? '' : incomplete.toFixed(2),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

/** Mean log q(θ|x) − log p(θ) over fresh simulations from the prior. */
async function heldOutScores(
  config: FitConfig,
  estimator: Uint8Array,
): Promise<{ complete: number; incomplete: number }> {
  const n = 2000;
  const { task, coordinates } = await hodgkinHuxleyProblem(config);
  const theta = drawPrior(n, coordinates.prior, createRandom(0x51e27));
  const pool = await SimulatorPool.create(task, { workers: 2 });
  const batch = { theta: coordinates.fromWorking(theta), n, seed: 77, stream: 0x30000, firstIndex: 0 };
  const { x, bad } = await pool.simulate(batch);
  await pool.close();
  const logQ = estimatorFromBytes(estimator).logDensityAt(x, theta);
  const width = x.length / n;
  const gains: Record<'complete' | 'incomplete', number[]> = { complete: [], incomplete: [] };
  for (let i = 0; i < n; i++) {
    if (bad[i] !== 0) continue;
    const kind = x.subarray(i * width, (i + 1) * width).some(Number.isNaN) ? 'incomplete' : 'complete';
    gains[kind].push(logQ[i]! - coordinates.prior.logDensity(theta, i * truth.length));
  }
  return { complete: mean(gains.complete), incomplete: mean(gains.incomplete) };
}

function column({ samples }: ResultRecord, d: number): Float64Array {
  return samples.filter((_, i) => i % truth.length === d);
}

/** Geometric mean over the parameters of posterior over prior standard deviation. */
function meanWidth(result: ResultRecord): number {
  const logs = result.summary.parameters.map(({ prior }, d) => {
    if (!('uniform' in prior)) throw new Error('hh8 has uniform priors.');
    const [low, high] = prior.uniform;
    return Math.log(standardDeviation(column(result, d)) / ((high - low) / Math.sqrt(12)));
  });
  return Math.exp(logs.reduce((sum, value) => sum + value, 0) / logs.length);
}

/** Median over posterior-predictive simulations of the root mean square distance to the observation, in the pilot run's sds. */
function predictiveDistance({ predictiveX, summary }: ResultRecord, sd: Float64Array): number {
  const width = sd.length;
  const distances = Array.from({ length: predictiveX.length / width }, (_, row) => {
    const squares = summary.features.flatMap(({ observed }, f) => {
      const away = (predictiveX[row * width + f]! - observed!) / sd[f]!;
      return observed === null || Number.isNaN(away) ? [] : [away * away];
    });
    return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  });
  return median(distances.filter((distance) => !Number.isNaN(distance)));
}

function truthOutside(result: ResultRecord): number {
  return [...truth].filter((value, d) => {
    const samples = column(result, d);
    const below = samples.filter((sample) => sample < value).length / samples.length;
    return below < 0.025 || below > 0.975;
  }).length;
}
