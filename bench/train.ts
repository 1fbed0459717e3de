/**
 * Microseconds per training step (input 20, two hidden layers of 50, D = 12, batch 100): the kernels, against the plain
 * float64 TypeScript trainer and against TensorFlow.js on its wasm backend, in one process and one thread. Processor time
 * of the thread is counted, so that other work on the machine disturbs little; medians. Run: node bench/train.ts
 * Required: at least 6 times faster than TypeScript and 20 times faster than tfjs; fitted data must not be slower. The
 * recurrent network over a trace is compared with TypeScript alone.
 */
import { createRandom } from '../main/numeric/random.ts';
import { initialParameters } from '../main/train/initialise.ts';
import { densityNetwork, type NetworkSpec } from '../main/train/network.ts';
import { lossAndGradient } from '../main/train/reference-gradient.ts';
import { adamStep } from '../main/train/reference-layers.ts';
import {
  batchSize,
  D,
  features,
  kernelTrainer,
  learningRate,
  makeData,
  measure,
  recurrentSpec,
  rows,
  specOf,
  type Data,
} from './kernel-trainer.ts';
import { tfjsTrainer } from './tfjs-trainer.ts';

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
  const plain = measure(kernelTrainer(densityNetwork(specOf(K, false)), noise), steps, 7);
  const variational = measure(kernelTrainer(densityNetwork(specOf(K, true)), noise), steps, 7);
  const script = measure(typescriptTrainer(specOf(K, false), noise), K === 1 ? 20 : 5, 5);
  const scriptVariational = measure(typescriptTrainer(specOf(K, true), noise), K === 1 ? 10 : 3, 5);
  const tfjs = measure(
    await tfjsTrainer(specOf(K, false), noise.x, noise.theta, batchSize),
    K === 1 ? 20 : 8,
    5,
  );
  const ratio = (slow: { us: number }, fast: { us: number }) => slow.us / fast.us;
  line('kernels', plain);
  line(
    'kernels, strict',
    measure(kernelTrainer(densityNetwork(specOf(K, false)), noise, 'wasm-strict'), steps, 5),
  );
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
    const train = kernelTrainer(densityNetwork(specOf(K, isVariational)), fittable);
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
  const fast = measure(kernelTrainer(densityNetwork(spec), traces), 4, 7);
  const slow = measure(typescriptTrainer(spec, traces), 1, 2);
  const ratio = slow.us / fast.us;
  line(`kernels, ${kind}`, fast);
  line(`kernels, ${kind}, strict`, measure(kernelTrainer(densityNetwork(spec), traces, 'wasm-strict'), 4, 5));
  line(`TypeScript float64, ${kind}`, slow, `${ratio.toFixed(1)} × the kernels`);
  if (ratio < 6) failed = true;
}
console.log(
  failed ? '\nNOT as required: 6 × TypeScript, 20 × tfjs, fitted as fast as random.' : '\nAs required.',
);
if (failed) process.exitCode = 1;
