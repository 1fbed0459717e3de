/**
 * How far a recurrent network that reads the voltage itself narrows the posterior, and that it takes spikes to narrow g_Na and g_K
 * [Lueckmann et al. 2017, section 3.3]: the tables of docs/r-mdn.md. One NPE run for each duration and seed, two at a time.
 *   node bench/r-mdn.ts [gru|conv-gru] [hh8|hh12] [seeds] [simulations] [epochs]
 */
import { fitConfigSchema, type FitConfig } from '../main/contract/config.ts';
import { TruncatedDensity } from '../main/density/truncated.ts';
import type { Problem } from '../main/inference/problem.ts';
import { runFit } from '../main/inference/run-fit.ts';
import { createRandom } from '../main/numeric/random.ts';
import { estimatorFromBytes } from '../main/train/stacked-estimator.ts';
import type { ConditionalEstimator } from '../main/train/conditional-estimator.ts';
import {
  colouredNoiseProblem,
  observeColouredNoise,
  reference,
} from '../test/statistical/tasks/coloured-noise.ts';
import { MemoryStore } from '../test/support/memory-store.ts';

const [kind = 'gru', model = 'hh8', seeds = '2', simulations = '20000', epochs = '80'] =
  process.argv.slice(2);
const durationsMs = [60, 120, 240];
/** Observations at θ*, each with its own noise; and from the prior. */
const [atStar, fromPrior] = [10, 300];
const draws = 500;

interface Trained {
  durationMs: number;
  problem: Problem;
  estimator: ConditionalEstimator;
  seconds: number;
  loss: number;
}

async function train(durationMs: number, seed: number): Promise<Trained> {
  const config: FitConfig = fitConfigSchema.parse({
    model,
    algorithm: 'npe',
    features: { set: 'trace' },
    simulations: Number(simulations),
    network: { embedding: { kind } },
    training: { batchSize: 250, maxEpochs: Number(epochs) },
    samples: draws,
    predictiveSimulations: 10,
    workers: 1,
    seed,
  });
  const problem = await colouredNoiseProblem(config, durationMs);
  const store = new MemoryStore();
  const prepare = () => Promise.resolve(problem);
  await runFit({ id: 'trace', config, store, version: 'bench', prepare });
  const { report, estimator } = store.rounds('trace')[0]!;
  const seconds = report.seconds.simulate + report.seconds.train;
  console.error(`${durationMs} ms, seed ${seed}: ${report.epochs} epochs, ${seconds.toFixed(0)} s`);
  return {
    durationMs,
    problem,
    seconds,
    loss: report.validationLoss,
    estimator: estimatorFromBytes(estimator),
  };
}

interface Observation {
  /** Posterior sd over prior sd, [D] */
  widths: Float64Array;
  /** Whether the truth lies between the 5 % and 95 % quantiles, [D] */
  covered: boolean[];
  spikes: number;
}

/** The posterior, kept inside the prior as in every result, for each row of traces. */
async function posteriors({ problem, estimator }: Trained, theta: Float64Array): Promise<Observation[]> {
  const { prior } = problem;
  const D = prior.dimension;
  const n = theta.length / D;
  const { x, spikeTimesMs } = await observeColouredNoise(problem.task, theta, n);
  const width = x.length / n;
  const random = createRandom(3);
  const found: Observation[] = [];
  for (let row = 0; row < n; row++) {
    const density = new TruncatedDensity(
      estimator.condition(x.subarray(row * width, (row + 1) * width)),
      prior,
    );
    const { samples } = await density.sampleMany(draws, random, { timeLimitMs: 10_000 });
    const count = samples.length / D;
    const columns = Array.from({ length: D }, (_, d) =>
      Float64Array.from({ length: count }, (__, i) => samples[i * D + d]!).sort(),
    );
    found.push({
      widths: Float64Array.from(columns, (values, d) => sdOf(values) / prior.sd[d]!),
      covered: columns.map((values, d) => {
        const truth = theta[row * D + d]!;
        return values[Math.floor(0.05 * count)]! <= truth && truth <= values[Math.floor(0.95 * count)]!;
      }),
      spikes: spikeTimesMs[row]!.length,
    });
  }
  return found;
}

function sdOf(values: Float64Array): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
}

const average = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const tableLine = (cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);

const started = performance.now();
const jobs = durationsMs.flatMap((durationMs) =>
  Array.from({ length: Number(seeds) }, (_, i) => ({ durationMs, seed: i + 1 })),
);
const trained: Trained[] = [];
// The longest first: two threads then end at about the same time.
const queue = jobs.toReversed();
await Promise.all(
  [0, 1].map(async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift())
      trained.push(await train(job.durationMs, job.seed));
  }),
);
trained.sort((a, b) => a.durationMs - b.durationMs);
const { prior } = trained[0]!.problem;
const names = prior.names;
const star = reference(trained[0]!.problem.prepared.parameters);

console.log(`\n${kind}, ${model}, ${simulations} simulations, ${seeds} seeds, at most ${epochs} epochs`);
console.log('\nPosterior sd / prior sd at θ*:\n');
tableLine(['trace', 'spikes', ...names, '−log q held out', 's']);
tableLine(['---', ...names.map(() => '---'), '---', '---', '---']);
for (const durationMs of durationsMs) {
  const own = trained.filter((one) => one.durationMs === durationMs);
  const theta = Float64Array.from({ length: atStar * star.length }, (_, i) => star[i % star.length]!);
  const found = (await Promise.all(own.map((one) => posteriors(one, theta)))).flat();
  tableLine([
    `${durationMs} ms`,
    average(found.map(({ spikes }) => spikes)).toFixed(1),
    ...names.map((_, d) => average(found.map(({ widths }) => widths[d]!)).toFixed(2)),
    own.map(({ loss }) => loss.toFixed(1)).join(', '),
    own.map(({ seconds }) => seconds.toFixed(0)).join(', '),
  ]);
}

console.log(
  `\nThe same for ${fromPrior} θ from the prior, by the spikes in the trace; 90 % intervals that hold the truth:\n`,
);
tableLine(['trace', 'spikes', 'traces', ...names, 'intervals']);
tableLine(['---', '---', ...names.map(() => '---'), '---', '---']);
const random = createRandom(4);
const theta = new Float64Array(fromPrior * prior.dimension);
for (let i = 0; i < fromPrior; i++) prior.sample(random, theta, i * prior.dimension);
for (const durationMs of durationsMs) {
  const own = trained.filter((one) => one.durationMs === durationMs);
  const found = (await Promise.all(own.map((one) => posteriors(one, theta)))).flat();
  for (const [words, least, most] of [
    ['0', 0, 0],
    ['1', 1, 1],
    ['2 or more', 2, Infinity],
  ] as const) {
    const group = found.filter(({ spikes }) => spikes >= least && spikes <= most);
    if (group.length === 0) continue;
    tableLine([
      `${durationMs} ms`,
      words,
      group.length / own.length,
      ...names.map((_, d) => average(group.map(({ widths }) => widths[d]!)).toFixed(2)),
      `${(100 * average(group.flatMap(({ covered }) => covered.map(Number)))).toFixed(0)} %`,
    ]);
  }
}
console.log(`\n${((performance.now() - started) / 1000).toFixed(0)} s in all`);
