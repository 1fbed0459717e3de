/**
 * How many times faster the native kernels train than the WebAssembly ones: one step of the networks of every density family (input
 * 20, two hidden layers of 50, 12 parameters, batch 100), on data that cannot be fitted and on data that are fitted well, and of the
 * recurrent networks. The builds take turns in one thread, so that all meet the same machine; processor time; the median of 15
 * repeats and of their ratios. Run: npm run build:native-addon && node bench/train-native.ts
 * Required: the fastest build at least 1.8 times the relaxed WebAssembly build.
 */
import { createRandom } from '../main/numeric/random.ts';
import { autoregressiveNetwork } from '../main/train/autoregressive-estimator.ts';
import { findAddon } from '../main/train/kernel-addon.ts';
import { kernelBuilds } from '../main/train/kernels.ts';
import { densityNetwork, headTargets, type NetworkDescription } from '../main/train/network.ts';
import {
  D,
  kernelTrainer,
  makeData,
  measure,
  median,
  recurrentSpec,
  rows,
  specOf,
  type Data,
} from './kernel-trainer.ts';

const required = 1.8;
const repeats = 15;

interface Case {
  title: string;
  network: NetworkDescription;
  /** Steps between two looks at the clock. */
  steps: number;
  /** Steps before the first. */
  fit?: number;
}

const free = { low: new Float64Array(D).fill(-Infinity), high: new Float64Array(D).fill(Infinity) };
const bounds = { low: new Float64Array(D).fill(-6), high: new Float64Array(D).fill(6) };
const mixture = (K: number, variational = false) => densityNetwork(specOf(K, variational));
const cases: Case[] = [
  { title: 'mixture, K = 1', network: mixture(1), steps: 800 },
  { title: 'mixture, K = 1, well-fitted', network: mixture(1), steps: 800, fit: 4000 },
  { title: 'mixture, K = 1, variational', network: mixture(1, true), steps: 300 },
  { title: 'mixture, K = 2', network: mixture(2), steps: 300 },
  { title: 'mixture, K = 8', network: mixture(8), steps: 150 },
  { title: 'mixture, K = 8, well-fitted', network: mixture(8), steps: 150, fit: 1500 },
  { title: 'mixture, K = 8, variational', network: mixture(8, true), steps: 60 },
  {
    title: 'autoregressive, last parameter, K = 10',
    network: autoregressiveNetwork(specOf(10, false), free, D - 1),
    steps: 800,
  },
  {
    title: 'bounded, last parameter, K = 10',
    network: autoregressiveNetwork(specOf(10, false), bounds, D - 1),
    steps: 800,
  },
  { title: 'R-MDN, gru', network: densityNetwork(recurrentSpec('gru')), steps: 12 },
  { title: 'R-MDN, conv-gru', network: densityNetwork(recurrentSpec('conv-gru')), steps: 12 },
];

/** Of the shape that the network reads: a bounded head wants the parameter and its bounds. */
function dataFor({ network, fit }: Case): Data {
  const { x, theta } = makeData(createRandom(7), fit !== undefined, network.inputs);
  const targets = headTargets(network.head);
  if (targets === D) return { x, theta };
  const one = Float32Array.from({ length: rows * targets }, (_, i) => [theta[i]!, -6, 6][i % targets]!);
  return { x, theta: one };
}

const native = findAddon();
if (native.addon === null) {
  console.log(`Not measured: ${native.reason}`);
} else {
  const builds = kernelBuilds();
  const wasm = builds.indexOf('wasm-relaxed');
  console.log(`µs per step, in brackets how many times faster than wasm-relaxed\n`);
  console.log(['', ...builds].map((cell, i) => (i === 0 ? cell.padEnd(42) : cell.padStart(16))).join(''));
  let slowest = Infinity;
  for (const example of cases) {
    const data = dataFor(example);
    const trainers = builds.map((build) => kernelTrainer(example.network, data, build));
    for (const train of trainers) for (let i = 0; i < (example.fit ?? example.steps); i++) train();
    const times = builds.map((): number[] => []);
    for (let repeat = 0; repeat < repeats; repeat++)
      trainers.forEach((train, i) => times[i]!.push(measure(train, example.steps, 1).us));
    const ratios = times.map((own) => median(own.map((us, i) => times[wasm]![i]! / us)));
    const cells = times.map((own, i) => `${median(own).toFixed(0)} (${ratios[i]!.toFixed(2)})`);
    console.log([example.title.padEnd(42), ...cells.map((cell) => cell.padStart(16))].join(''));
    slowest = Math.min(slowest, ratios[0]!);
  }
  const verdict = slowest >= required ? 'as required' : `NOT as required, ${required}`;
  console.log(
    `\n${builds[0]}: at least ${slowest.toFixed(2)} times the relaxed WebAssembly build: ${verdict}.`,
  );
  if (slowest < required) process.exitCode = 1;
}
