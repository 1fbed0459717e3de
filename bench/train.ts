/**
 * Microseconds per training step (input 20, two hidden layers of 50, D = 12, batch 100): the kernels, against the plain
 * float64 TypeScript trainer and against TensorFlow.js on its wasm backend, in one process and one thread. Processor time
 * of the thread is counted, so that other work on the machine disturbs little; medians. Run: node bench/train.ts
 * Required: at least 6 times faster than TypeScript and 20 times faster than tfjs; fitted data must not be slower. The
 * recurrent network over a trace is compared with TypeScript alone.
 */
import { createRandom, type RandomStream } from '../main/numeric/random.ts';
import { initialParameters } from '../main/train/initialise.ts';
import { createKernels } from '../main/train/kernels.ts';
import { densityNetwork, type NetworkSpec } from '../main/train/network.ts';
import { TrainingPlan } from '../main/train/plan.ts';
import { lossAndGradient } from '../main/train/reference-gradient.ts';
import { adamStep } from '../main/train/reference-layers.ts';
import { tfjsTrainer } from './tfjs-trainer.ts';

const [features, D, batchSize, rows] = [20, 12, 100, 2000];
const learningRate = 1e-3;

interface Data {
  x: Float32Array;
  theta: Float32Array;
}

/** θ independent of x; or θ = A x + noise of sd 0.02, which a network fits so well that other components vanish. */
function makeData(random: RandomStream, fittable: boolean, inputs = features): Data {
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

function specOf(components: number, variational: boolean): NetworkSpec {
  return { inputs: features, outputs: D, hidden: [50, 50], components, variational };
}

/** The R-MDN: 500 samples of a trace and of its current, 25 units, the last state to the same network. */
function recurrentSpec(kind: 'gru' | 'conv-gru', inputs = 500): NetworkSpec {
  const current = Array.from({ length: inputs }, (_, t) => Math.sin(t));
  const embedding = { kind, units: 25, current, filters: 16, kernel: 6, stride: 3 };
  return { ...specOf(1, false), inputs, embedding };
}

/** One step of the product's trainer: minibatch, loss, gradient, norm, Adam. */
function kernelTrainer(spec: NetworkSpec, data: Data, strict = false): () => number {
  const network = densityNetwork(spec);
  const plan = new TrainingPlan(createKernels(strict), network, { batchSize, rows, learnsImputation: false });
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

/** The same in plain TypeScript: float64, loops over typed arrays. */
function typescriptTrainer(spec: NetworkSpec, data: Data): () => number {
  const { inputs } = spec;
  const network = densityNetwork(spec);
  const parameters = Float64Array.from(initialParameters(network, createRandom(1)));
  const prior = new Float64Array(parameters.length);
  const [first, second] = [new Float64Array(parameters.length), new Float64Array(parameters.length)];
  const weights = new Float64Array(batchSize).fill(1);
  const random = createRandom(2);
  const sizes = network.layers.flatMap((layer) =>
    layer.kind === 'linear' && layer.variational ? [layer.outputs] : [],
  );
  let step = 0;
  return () => {
    const start = (step * batchSize) % rows;
    const { loss, gradient } = lossAndGradient(network, parameters, {
      x: Float64Array.from(data.x.subarray(start * inputs, (start + batchSize) * inputs)),
      target: Float64Array.from(data.theta.subarray(start * D, (start + batchSize) * D)),
      weights,
      noise: sizes.map((size) => Float64Array.from({ length: batchSize * size }, () => random.normal())),
      klScale: 1 / rows,
      prior,
    });
    step += 1;
    adamStep(parameters, gradient, first, second, step, learningRate);
    return loss;
  };
}

/** Median over `repeats` of the thread's processor time per step, µs, after a warm-up of one repeat. */
function measure(train: () => number, steps: number, repeats: number): { us: number; loss: number } {
  const times: number[] = [];
  let loss = NaN;
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const before = process.threadCpuUsage();
    for (let i = 0; i < steps; i++) loss = train();
    const { user, system } = process.threadCpuUsage(before);
    if (repeat > 0) times.push((user + system) / steps);
  }
  times.sort((a, b) => a - b);
  return { us: times[Math.floor(times.length / 2)]!, loss };
}

function line(title: string, { us, loss }: { us: number; loss: number }, note = ''): void {
  console.log(
    `${title.padEnd(44)} ${us.toFixed(0).padStart(8)} µs   loss ${loss.toFixed(2).padStart(8)}   ${note}`,
  );
}

const random = createRandom(7);
const noise = makeData(random, false);
const fittable = makeData(random, true);
let failed = false;

for (const K of [1, 8]) {
  console.log(`\ninput ${features}, hidden 50 50, D = ${D}, K = ${K}, batch ${batchSize}: one step`);
  const steps = K === 1 ? 500 : 100;
  const plain = measure(kernelTrainer(specOf(K, false), noise), steps, 7);
  const variational = measure(kernelTrainer(specOf(K, true), noise), steps, 7);
  const script = measure(typescriptTrainer(specOf(K, false), noise), K === 1 ? 20 : 5, 5);
  const scriptVariational = measure(typescriptTrainer(specOf(K, true), noise), K === 1 ? 10 : 3, 5);
  const tfjs = measure(
    await tfjsTrainer(specOf(K, false), noise.x, noise.theta, batchSize),
    K === 1 ? 20 : 8,
    5,
  );
  const ratio = (slow: { us: number }, fast: { us: number }) => slow.us / fast.us;
  line('kernels', plain);
  line('kernels, strict', measure(kernelTrainer(specOf(K, false), noise, true), steps, 5));
  line('kernels, variational', variational);
  line('TypeScript float64', script, `${ratio(script, plain).toFixed(1)} × the kernels`);
  line(
    'TypeScript float64, variational',
    scriptVariational,
    `${ratio(scriptVariational, variational).toFixed(1)} × the kernels`,
  );
  line('tfjs, wasm backend', tfjs, `${ratio(tfjs, plain).toFixed(1)} × the kernels`);
  if (ratio(script, plain) < 6 || ratio(tfjs, plain) < 20) failed = true;
  for (const isVariational of [false, true]) {
    const train = kernelTrainer(specOf(K, isVariational), fittable);
    for (let i = 0; i < (K === 1 ? 4000 : 1500); i++) train();
    const fitted = measure(train, steps, 7);
    const same = isVariational ? variational : plain;
    line(
      `kernels${isVariational ? ', variational' : ''}, well-fitted data`,
      fitted,
      `${ratio(fitted, same).toFixed(2)} × random data`,
    );
    // A denormal slowdown is a factor of 80; 1.5 leaves room for the machine's noise.
    if (ratio(fitted, same) > 1.5) failed = true;
  }
}
console.log(
  `\nR-MDN: 500 × (voltage, current), 25 units, then as above with K = 1, batch ${batchSize}: one step`,
);
const traces = makeData(random, false, 500);
for (const kind of ['gru', 'conv-gru'] as const) {
  const spec = recurrentSpec(kind);
  const fast = measure(kernelTrainer(spec, traces), 4, 7);
  const slow = measure(typescriptTrainer(spec, traces), 1, 2);
  const ratio = slow.us / fast.us;
  line(`kernels, ${kind}`, fast);
  line(`kernels, ${kind}, strict`, measure(kernelTrainer(spec, traces, true), 4, 5));
  line(`TypeScript float64, ${kind}`, slow, `${ratio.toFixed(1)} × the kernels`);
  if (ratio < 6) failed = true;
}
console.log(
  failed ? '\nNOT as required: 6 × TypeScript, 20 × tfjs, fitted as fast as random.' : '\nAs required.',
);
if (failed) process.exitCode = 1;
