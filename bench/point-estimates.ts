import { parseArgs } from 'node:util';
import { fitConfigSchema, type FitConfig } from '../main/contract/config.ts';
import type { ResultRecord } from '../main/inference/fit-store.ts';
import { objectivesOf, objectiveSums, searchTarget } from '../main/inference/ibea-objectives.ts';
import { runFit } from '../main/inference/run-fit.ts';
import { median, quantile } from '../main/numeric/statistics.ts';
import { SimulatorPool } from '../main/simulate/simulator-pool.ts';
import { MemoryStore } from '../test/support/memory-store.ts';
import { hodgkinHuxleyProblem, thetaStar } from '../test/statistical/tasks/hodgkin-huxley.ts';

/**
 * What point estimates hide: the search ibea with several seeds beside the posterior, the same Hodgkin–Huxley observation at
 * θ* and the same simulations each. `node bench/point-estimates.ts [--rounds 5] [--simulations 5000] [--searches 5]`
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    simulations: { type: 'string', default: '5000' },
    searches: { type: 'string', default: '5' },
    posterior: { type: 'string', default: 'tsnpe' },
  },
});

async function fit(algorithm: FitConfig['algorithm'], seed: number) {
  const config = fitConfigSchema.parse({
    model: 'hh8',
    algorithm,
    seed,
    strict: true,
    rounds: Number(values.rounds),
    simulations: Number(values.simulations),
    // One family, and the quickest: the comparison is not about the last per cent of the posterior.
    network: { family: 'mixture' },
  });
  const store = new MemoryStore();
  const prepare = () => hodgkinHuxleyProblem(config);
  const result = await runFit({ id: 'x', config, store, version: 'bench', prepare });
  return { result, pilot: store.pilot('x')! };
}
const column = ({ samples, summary }: ResultRecord, i: number) =>
  samples.filter((_, at) => at % summary.parameters.length === i);
const short = (value: number) => String(Number(value.toPrecision(3)));
const say = (...cells: (string | number)[]) => {
  console.log(`| ${cells.map((cell) => (typeof cell === 'number' ? short(cell) : cell)).join(' | ')} |`);
};

const truth = await thetaStar('hh8');
const { result: posterior, pilot } = await fit(values.posterior as FitConfig['algorithm'], 1);
const searches: ResultRecord[] = [];
for (let seed = 1; seed <= Number(values.searches); seed++) searches.push((await fit('ibea', seed)).result);

say(
  'parameter',
  'θ*',
  'posterior 5 … 95 %',
  ...searches.map((_, s) => `search ${s + 1}: best (hall of fame 5 … 95 %)`),
);
posterior.summary.parameters.forEach(({ name, q05, q95 }, i) => {
  say(
    ...[name, truth[i]!, `${short(q05)} … ${short(q95)}`],
    ...searches.map((search) => {
      const hall = column(search, i);
      return `${short(search.samples[i]!)} (${short(quantile(hall, 0.05))} … ${short(quantile(hall, 0.95))})`;
    }),
  );
});

// Hall-of-fame width over the posterior's, 5–95 %, the median over parameters and searches.
const ratios = posterior.summary.parameters.flatMap(({ q05, q95 }, i) =>
  searches.map((search) => {
    const hall = column(search, i);
    return (quantile(hall, 0.95) - quantile(hall, 0.05)) / (q95 - q05);
  }),
);
const inside = posterior.summary.parameters.flatMap(({ q05, q95 }, i) =>
  searches.map(({ samples }) => samples[i]! >= q05 && samples[i]! <= q95),
);
const held = posterior.summary.parameters.filter(({ q05, q95 }, i) => truth[i]! >= q05 && truth[i]! <= q95);
console.log(
  `width of the hall of fame / of the posterior: median ${short(median(Float64Array.from(ratios)))}`,
);
console.log(`best sets inside the posterior's 5–95 %: ${inside.filter(Boolean).length} of ${inside.length}`);
console.log(`θ* inside it: ${held.length} of ${truth.length}`);

const observed = Float64Array.from(posterior.summary.features, (feature) => feature.observed ?? NaN);
const target = searchTarget(observed, pilot.xSd);
const sumsOf = (x: Float64Array, bad: Uint8Array) =>
  objectiveSums(objectivesOf(x, bad, target), target.features.length);
const sums = ({ predictiveX, predictiveBad }: ResultRecord) => sumsOf(predictiveX, predictiveBad);

const { task } = await hodgkinHuxleyProblem(fitConfigSchema.parse({ model: 'hh8', strict: true }));
const pool = await SimulatorPool.create(task, { workers: 2 });
const n = 200;
const repeated = Float64Array.from({ length: n * truth.length }, (_, at) => truth[at % truth.length]!);
const atTruth = await pool.simulate({ theta: repeated, n, seed: 2, stream: 1, firstIndex: 0 });
await pool.close();
console.log(
  `sum of objectives, median of simulations at θ*: ${short(median(sumsOf(atTruth.x, atTruth.bad)))}`,
);
console.log(
  `sum of objectives, median of new simulations at the posterior: ${short(median(sums(posterior)))}`,
);
for (const search of searches) {
  const { hallOfFame } = search.summary.search!;
  console.log(
    `search: best ${short(hallOfFame[0]!.sum)}, hall of fame's median ${short(median(Float64Array.from(hallOfFame, ({ sum }) => sum)))}, new simulations of it ${short(median(sums(search)))}`,
  );
}
