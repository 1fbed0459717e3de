/** What the benchmarks of training share: data, networks, the step that is timed, and the clock. */
import { createRandom, type RandomStream } from '../main/numeric/random.ts';
import { initialParameters } from '../main/train/initialise.ts';
import { createBuild } from '../main/train/kernels.ts';
import type { NetworkDescription, NetworkSpec } from '../main/train/network.ts';
import { TrainingPlan } from '../main/train/plan.ts';
import type { KernelBuild } from '../native/kernels.ts';

export const [features, D, batchSize, rows] = [20, 12, 100, 2000];
export const learningRate = 1e-3;

export interface Data {
  /** [rows, inputs] */
  x: Float32Array;
  /** [rows, targets of the head] */
  theta: Float32Array;
}

/** θ independent of x; or θ = A x + noise of sd 0.02, which a network fits so well that other components vanish. */
export function makeData(random: RandomStream, fittable: boolean, inputs = features): Data {
  const x = Float32Array.from({ length: rows * inputs }, () => random.normal());
  const mixing = Float32Array.from({ length: D * inputs }, () => random.normal() / Math.sqrt(inputs));
  const theta = new Float32Array(rows * D);
  for (let i = 0; i < theta.length; i++) {
    const [row, d] = [Math.floor(i / D), i % D];
    let value = 0;
    for (let j = 0; j < inputs; j++) value += mixing[d * inputs + j]! * x[row * inputs + j]!;
    theta[i] = fittable ? value + 0.02 * random.normal() : random.normal();
  }
  return { x, theta };
}

export function specOf(components: number, variational: boolean): NetworkSpec {
  return { inputs: features, outputs: D, hidden: [50, 50], components, variational };
}

/** The R-MDN: 500 samples of a trace and of its current, 25 units, the last state to the same network. */
export function recurrentSpec(kind: 'gru' | 'conv-gru', inputs = 500): NetworkSpec {
  const current = Array.from({ length: inputs }, (_, t) => Math.sin(t));
  const embedding = { kind, units: 25, current, filters: 16, kernel: 6, stride: 3 };
  return { ...specOf(1, false), inputs, embedding };
}

/** One step of the product's trainer: minibatch, loss, gradient, norm, Adam. */
export function kernelTrainer(
  network: NetworkDescription,
  data: Data,
  build: KernelBuild = 'wasm-relaxed',
): () => number {
  const plan = new TrainingPlan(createBuild(build), network, { batchSize, rows, learnsImputation: false });
  plan.x.set(data.x);
  plan.target.set(data.theta);
  const start = initialParameters(network, createRandom(1));
  plan.setParameters(start);
  const klConstant = plan.setWeightPrior(new Float32Array(start.length));
  plan.seedNoise(createRandom(2));
  let step = 0;
  return () => {
    const first = (step * batchSize) % rows;
    const loss = plan.differentiate(first, batchSize, 1 / rows, klConstant);
    const norm = Math.sqrt(plan.gradientNorm2());
    step += 1;
    plan.adam(step, learningRate, norm > 5 ? 5 / norm : 1);
    return loss;
  };
}

export const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Median over `repeats` of the thread's processor time per step, µs, after a warm-up of one repeat. */
export function measure(train: () => number, steps: number, repeats: number): { us: number; loss: number } {
  const times: number[] = [];
  let loss = NaN;
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const before = process.threadCpuUsage();
    for (let i = 0; i < steps; i++) loss = train();
    const { user, system } = process.threadCpuUsage(before);
    if (repeat > 0) times.push((user + system) / steps);
  }
  return { us: median(times), loss };
}
