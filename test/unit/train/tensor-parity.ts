import { createRandom } from '../../../main/numeric/random.ts';
import { headTargets, linear, densityNetwork, type NetworkDescription } from '../../../main/train/network.ts';
import { blockSize, parameterBlocks, parameterCount } from '../../../main/train/network.ts';
import { createKernels } from '../../../main/train/kernels.ts';
import { TrainingPlan } from '../../../main/train/plan.ts';
import type { TensorFlow } from '../../../main/train/tensor-layers.ts';
import { TensorPlan } from '../../../main/train/tensor-plan.ts';

/** Minibatches are not a multiple of the kernels' four lanes. */
const rows = 37;

const sizes = { inputs: 5, outputs: 3, hidden: [8, 6] };
const trace = { inputs: 14, outputs: 2, hidden: [5], components: 2, variational: false };
const embedding = { units: 4, filters: 3, kernel: 4, stride: 3 };
const current = Array.from({ length: trace.inputs }, (_, t) => Math.sin(t));

const bounded = (bounds: 'lower' | 'upper' | 'both'): NetworkDescription => ({
  inputs: 3,
  layers: [{ kind: 'impute', indicators: [] }, linear(6), { kind: 'tanh' }, linear(9)],
  head: { kind: 'bounded-mixture', components: 3, bounds },
});

/** Every layer and head that training offers, by what it is. */
export const networks: Record<string, NetworkDescription> = {
  'one normal': densityNetwork({ ...sizes, components: 1, variational: false }),
  'a mixture with full covariances': densityNetwork({ ...sizes, components: 4, variational: false }),
  'a mixture that is told what is missing': densityNetwork({
    ...sizes,
    indicators: [1, 4],
    components: 2,
    variational: false,
  }),
  'a mixture with variational weights': densityNetwork({ ...sizes, components: 2, variational: true }),
  'a network of the autoregressive family': densityNetwork({
    ...sizes,
    outputs: 1,
    components: 10,
    variational: false,
  }),
  'a mixture between two bounds': bounded('both'),
  'a mixture above a bound': bounded('lower'),
  'a mixture below a bound': bounded('upper'),
  'a recurrent embedding with its current': densityNetwork({
    ...trace,
    embedding: { ...embedding, kind: 'gru', current },
  }),
  'a convolution before a recurrent embedding': densityNetwork({
    ...trace,
    embedding: { ...embedding, kind: 'conv-gru', current },
  }),
  'a classifier': {
    inputs: 3,
    layers: [linear(6), { kind: 'relu' }, linear(1)],
    head: { kind: 'logistic' },
  },
};

export interface Parity {
  /** |difference| / max(1, |loss|) of one minibatch */
  loss: number;
  /** Over the blocks of parameters: largest |difference| as a share of the block's largest |gradient|. */
  gradient: number;
  /** As gradient, of the averaged weights after five steps of Adam, the third with a gradient cut to half. */
  weights: number;
  /** As loss, of the held-out rows. */
  evaluated: number;
}

/** How far TensorFlow.js is from the kernels on a network with the same data, parameters, prior and noise. */
export async function parityWithKernels(tf: TensorFlow, network: NetworkDescription): Promise<Parity> {
  const random = createRandom(17);
  const normals = (n: number, scale = 1) => Float32Array.from({ length: n }, () => scale * random.normal());
  const x = normals(rows * network.inputs);
  if (network.layers[0]!.kind === 'impute') x[2] = x[5] = NaN;
  const target = targetsOf(network, normals(rows * headTargets(network.head)));
  const weights = Float32Array.from({ length: rows }, () => 2 * random.uniform());
  weights[3] = 0;
  const stored = normals(parameterCount(network), 0.4);
  const prior = normals(stored.length, 0.3);

  const kernels = new TrainingPlan(createKernels(true), network, {
    batchSize: rows,
    rows,
    learnsImputation: x.some(Number.isNaN),
  });
  kernels.x.set(x);
  kernels.target.set(target);
  kernels.weights.set(weights);
  kernels.setParameters(stored);
  const klConstant = kernels.setWeightPrior(prior);
  const tensors = new TensorPlan(tf, network, { x, target, weights }, stored, prior);

  const seen: Parity = { loss: 0, gradient: 0, weights: 0, evaluated: 0 };
  for (const plan of [kernels, tensors]) plan.seedNoise(createRandom(23));
  for (let step = 1; step <= 5; step++) {
    // The third minibatch is a part of the rows.
    const count = step === 3 ? 13 : rows;
    const expected = kernels.differentiate(0, count, 0.01, klConstant);
    const loss = await tensors.differentiate(0, count, 0.01, tensors.klConstant);
    if (step === 1) {
      seen.loss = Math.abs(loss - expected) / Math.max(1, Math.abs(expected));
      seen.gradient = distance(network, await tensors.gradient(), kernels.parameters(kernels.gradient));
    }
    for (const plan of [kernels, tensors]) {
      plan.adam(step, 0.01, step === 3 ? 0.5 : 1, 0.1);
      plan.average(1 / step);
    }
  }
  const held = kernels.evaluateAveraged(0, rows);
  seen.evaluated = Math.abs((await tensors.evaluateAveraged(0, rows)) - held) / Math.max(1, Math.abs(held));
  for (const plan of [kernels, tensors]) plan.keepAveraged();
  seen.weights = distance(network, await tensors.best(), kernels.best());
  tensors.dispose();
  return seen;
}

/** Labels, or parameters with bounds around them that differ from row to row. */
function targetsOf({ head }: NetworkDescription, normals: Float32Array): Float32Array {
  if (head.kind === 'logistic') return normals.map((_, i) => i % 2);
  if (head.kind === 'mixture') return normals;
  for (let i = 0; i < normals.length; i += 3) {
    const [value, below, above] = [normals[i]!, Math.abs(normals[i + 1]!), Math.abs(normals[i + 2]!)];
    // Far beyond its bounds, now and then.
    const shift = i % 4 === 0 ? 6 : 0;
    normals[i] = value + shift;
    normals[i + 1] = head.bounds === 'upper' ? -Infinity : value + shift - below;
    normals[i + 2] = head.bounds === 'lower' ? Infinity : value + shift + above;
  }
  return normals;
}

function distance(network: NetworkDescription, actual: Float32Array, expected: Float32Array): number {
  const blocks = parameterBlocks(network);
  const sizes = [...blocks, ...blocks.filter(({ variational }) => variational)].map(blockSize);
  let start = 0;
  let worst = 0;
  for (const size of sizes) {
    let [difference, largest] = [0, 1e-6];
    for (let i = start; i < start + size; i++) {
      difference = Math.max(difference, Math.abs(actual[i]! - expected[i]!));
      largest = Math.max(largest, Math.abs(expected[i]!));
      if (!Number.isFinite(actual[i]!)) difference = Infinity;
    }
    worst = Math.max(worst, difference / largest);
    start += size;
  }
  return actual.length === expected.length ? worst : Infinity;
}
