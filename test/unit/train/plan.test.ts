import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../main/numeric/random.ts';
import { createBuild, kernelBuilds } from '../../../main/train/kernels.ts';
import { initialParameters } from '../../../main/train/initialise.ts';
import { padded } from '../../../main/train/memory.ts';
import { densityNetwork, linear, type NetworkDescription } from '../../../main/train/network.ts';
import { TrainingPlan } from '../../../main/train/plan.ts';
import { lossAndGradient } from '../../../main/train/reference-gradient.ts';
import type { KernelBuild } from '../../../native/kernels.ts';
import { Bench, normals, rowMajor, worst } from './kernel-harness.ts';

const dataRows = 41;

interface Case {
  name: string;
  network: NetworkDescription;
  batchSize: number;
  missing: boolean;
}
const spec = { inputs: 5, outputs: 3, hidden: [13, 6], components: 2 };
const trace = { units: 5, filters: 4, kernel: 4, stride: 2 };
const cases: Case[] = [
  {
    name: 'two hidden layers',
    network: densityNetwork({ ...spec, variational: false }),
    batchSize: 20,
    missing: false,
  },
  {
    name: 'missing features',
    network: densityNetwork({ ...spec, variational: false }),
    batchSize: 11,
    missing: true,
  },
  {
    name: 'variational',
    network: densityNetwork({ ...spec, variational: true }),
    batchSize: 18,
    missing: false,
  },
  {
    name: 'variational, missing features, one hidden layer',
    network: densityNetwork({ ...spec, hidden: [7], components: 1, variational: true }),
    batchSize: 17,
    missing: true,
  },
  {
    name: 'missing features with indicators',
    network: densityNetwork({ ...spec, indicators: [0, 3], variational: false }),
    batchSize: 14,
    missing: true,
  },
  {
    name: 'variational, indicators of every feature, none missing',
    network: densityNetwork({ ...spec, indicators: [0, 1, 2, 3, 4], variational: true }),
    batchSize: 9,
    missing: false,
  },
  {
    name: 'four hidden layers',
    network: densityNetwork({ ...spec, hidden: [4, 9, 3, 5], variational: false }),
    batchSize: 3,
    missing: true,
  },
  {
    name: 'one bounded parameter',
    network: {
      inputs: 5,
      layers: [linear(7), { kind: 'tanh' }, linear(12)],
      head: { kind: 'bounded-mixture', components: 4, bounds: 'both' },
    },
    batchSize: 17,
    missing: false,
  },
  {
    name: 'a recurrent embedding of a trace and its current',
    network: densityNetwork({
      ...spec,
      inputs: 12,
      variational: true,
      embedding: { ...trace, kind: 'gru', current: [1, 0, -1, 2, 0.5, 0, 0, 1, 1, -2, 0, 0.25] },
    }),
    batchSize: 18,
    missing: false,
  },
  {
    name: 'a convolutional and recurrent embedding',
    network: densityNetwork({
      ...spec,
      inputs: 12,
      variational: false,
      embedding: { ...trace, kind: 'conv-gru', current: [] },
    }),
    batchSize: 11,
    missing: false,
  },
  {
    name: 'imputation and a current before a convolution',
    network: {
      inputs: 6,
      layers: [
        { kind: 'impute', indicators: [] },
        { kind: 'append', values: [0.5, -1, 2, 0, 1, 1] },
        { kind: 'conv', channels: 2, steps: 6, filters: 3, kernel: 3, stride: 1 },
        { kind: 'tanh' },
        { kind: 'gru', units: 5, channels: 3, steps: 4 },
        linear(1),
      ],
      head: { kind: 'logistic' },
    },
    batchSize: 10,
    missing: true,
  },
  {
    name: 'classifier',
    network: {
      inputs: 4,
      layers: [linear(10), { kind: 'relu' }, linear(10), { kind: 'tanh' }, linear(1)],
      head: { kind: 'logistic' },
    },
    batchSize: 16,
    missing: false,
  },
];

function prepare({ network, batchSize, missing }: Case, build: KernelBuild) {
  const random = createRandom(21, batchSize);
  const plan = new TrainingPlan(createBuild(build), network, {
    batchSize,
    rows: dataRows,
    learnsImputation: missing,
  });
  plan.x.set(normals(random, plan.x.length));
  if (missing) for (let i = 0; i < plan.x.length; i += 7) plan.x[i] = NaN;
  const { head } = network;
  plan.target.forEach((_, i) => {
    plan.target[i] = head.kind === 'logistic' ? i % 2 : random.normal();
    // The parameter and its bounds.
    if (head.kind === 'bounded-mixture' && i % 3 > 0) plan.target[i]! += i % 3 === 1 ? -6 : 6;
  });
  plan.weights.forEach((_, i) => {
    plan.weights[i] = 2 * random.uniform();
  });
  plan.order.reverse();
  const parameters = initialParameters(network, random);
  // Wide enough that noise and KL matter in the comparison.
  for (let i = 0; i < parameters.length; i++)
    if (parameters[i] === -5) parameters[i] = -1 + 0.2 * random.normal();
  const prior = Float32Array.from(normals(random, parameters.length, 0.3));
  plan.setParameters(parameters);
  return { plan, parameters, prior };
}

/** The same rows and the same noise for the reference. */
function referenceBatch({ plan, prior }: ReturnType<typeof prepare>, start: number, rows: number) {
  const { network } = plan;
  const targets = plan.target.length / dataRows;
  const pick = (source: Float32Array, width: number) =>
    Float64Array.from({ length: rows * width }, (_, i) => {
      const row = plan.order[start + Math.floor(i / width)]!;
      return source[row * width + (i % width)]!;
    });
  const width = padded(rows);
  // A second memory replays the noise: layer by layer, as the plan draws it, and the same for all builds.
  const replay = new Bench('wasm-relaxed');
  const random = createRandom(99);
  const state = replay.empty(16);
  const words = Uint32Array.from({ length: 16 }, () => random.uint32());
  for (let lane = 0; lane < 4; lane++) words[lane]! |= 1;
  new Uint32Array(replay.kernels.memory.buffer, state, 16).set(words);
  const noise: Float64Array[] = [];
  for (const layer of network.layers) {
    if (layer.kind !== 'linear' || !layer.variational) continue;
    const out = replay.empty(layer.outputs * width);
    replay.kernels.fillNormal(layer.outputs * width, state, out);
    noise.push(rowMajor(replay.read(out, layer.outputs * width), rows));
  }
  return {
    x: pick(plan.x, network.inputs),
    target: pick(plan.target, targets),
    weights: pick(plan.weights, 1),
    noise,
    klScale: 0.003,
    prior: Float64Array.from(prior),
  };
}

describe.each(kernelBuilds())('the static plan on the %s kernels', (build) => {
  it.each(cases)('gives the loss and gradient of plain float64: $name', (example) => {
    const prepared = prepare(example, build);
    const { plan, parameters, prior } = prepared;
    // The first, a middle and the last, partial minibatch, in one plan.
    for (const start of [
      0,
      example.batchSize,
      Math.floor(dataRows / example.batchSize) * example.batchSize,
    ]) {
      const rows = Math.min(example.batchSize, dataRows - start);
      plan.seedNoise(createRandom(99));
      const loss = plan.differentiate(start, rows, 0.003, plan.setWeightPrior(prior));
      const expected = lossAndGradient(
        plan.network,
        Float64Array.from(parameters),
        referenceBatch(prepared, start, rows),
      );
      // float32 against float64 through four layers of sums of up to 20 terms
      expect(Math.abs(loss / expected.loss - 1)).toBeLessThan(1e-5);
      expect(worst(plan.parameters(plan.gradient), expected.gradient)).toBeLessThan(2e-5);
    }
  });

  it('evaluates with the mean weights: the loss without noise, summed', () => {
    const example = cases[3]!;
    const prepared = prepare(example, build);
    const batch = referenceBatch(prepared, 4, 9);
    const withoutNoise = batch.noise.map((noise) => noise.map(() => 0));
    const mean = lossAndGradient(prepared.plan.network, Float64Array.from(prepared.parameters), {
      ...batch,
      noise: withoutNoise,
      klScale: 0,
    });
    expect(prepared.plan.evaluate(4, 9) / 9).toBeCloseTo(mean.loss, 5);
  });

  it('keeps the padding of its parameters inert over many steps', () => {
    const { plan, prior } = prepare(cases[3]!, build);
    const constant = plan.setWeightPrior(prior);
    plan.seedNoise(createRandom(1));
    for (let step = 1; step <= 300; step++) {
      plan.differentiate((step % 2) * 17, 17, 0.01, constant);
      plan.adam(step, 0.01, 1);
    }
    const values = plan.trainable.slice(0, plan.layout.logSds);
    for (const { start, rows, columns, stride } of plan.layout.blocks)
      for (let row = 0; row < rows; row++)
        values.fill(0, start + row * stride, start + row * stride + columns);
    expect(values.every((value) => value === 0)).toBe(true);
    expect(plan.trainable.every(Number.isFinite)).toBe(true);
  });

  it('gives back the parameters that it was given', () => {
    const { plan, parameters } = prepare(cases[2]!, build);
    expect(plan.parameters()).toEqual(parameters);
  });

  it('refuses a last layer that does not fit its head', () => {
    const network: NetworkDescription = {
      inputs: 2,
      layers: [linear(4)],
      head: { kind: 'mixture', dimension: 2, components: 1 },
    };
    expect(
      () => new TrainingPlan(createBuild(build), network, { batchSize: 4, rows: 8, learnsImputation: false }),
    ).toThrow('The last layer has 4 outputs, its head needs 6.');
  });
});
