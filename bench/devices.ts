/**
 * Steps of training a second on every device that is here, and how they stand to the kernels on one core: a small network, a large
 * one (two layers of 256 units, 20 components) and a recurrent one over a trace, batches of 100. Run: node bench/devices.ts
 * A device that the processor emulates counts only with CHRONAXIE_SOFTWARE_GPU=1, and says nothing of a card.
 */
import { AppError } from '../main/contract/errors.ts';
import { createRandom } from '../main/numeric/random.ts';
import { densityNetwork, type NetworkSpec } from '../main/train/network.ts';
import type { NetworkTask } from '../main/train/train-network.ts';
import { releaseDevices, timeNetwork } from '../main/train/train-pool.ts';

const [rows, D] = [2000, 12];
const feature = { inputs: 20, outputs: D, variational: false };
const embedding = { kind: 'gru', units: 25, current: [], filters: 1, kernel: 1, stride: 1 } as const;

const specs: Record<string, NetworkSpec> = {
  'small: 50 + 50 units, 1 component': { ...feature, hidden: [50, 50], components: 1 },
  'usual mixture: 50 + 50 units, 8 components': { ...feature, hidden: [50, 50], components: 8 },
  'large: 256 + 256 units, 20 components': { ...feature, hidden: [256, 256], components: 20 },
  'recurrent: 120 samples, 25 units': {
    ...{ ...feature, inputs: 120, hidden: [50], components: 1 },
    embedding: { ...embedding, current: [] },
  },
};

function taskOf(spec: NetworkSpec): NetworkTask {
  const random = createRandom(1);
  const normals = (n: number) => Float32Array.from({ length: n }, () => random.normal());
  const targets = normals(rows * D);
  const order = Uint32Array.from({ length: rows }, (_, i) => i);
  return {
    network: densityNetwork(spec),
    data: {
      z: normals(rows * spec.inputs),
      r: targets,
      weights: new Float32Array(rows).fill(1),
      order,
      heldOut: 200,
    },
    given: 0,
    targets,
    start: null,
    weightPrior: { precision: 1 },
    options: {
      ...{ batchSize: 100, learningRate: 1e-3, gradientClip: 5, maxEpochs: 1, patience: 1, weightDecay: 0 },
      ...{ seed: 1, stream: 1 },
    },
    index: 0,
    strict: false,
  };
}

for (const [name, spec] of Object.entries(specs)) {
  console.log(`\n${name}`);
  const task = taskOf(spec);
  let kernels = NaN;
  for (const device of ['cpu', 'cuda', 'webgpu'] as const) {
    try {
      const { description, msPerStep } = await timeNetwork(device, task);
      if (device === 'cpu') kernels = msPerStep;
      const perSecond = (1000 / msPerStep).toFixed(1).padStart(9);
      console.log(
        `${device.padEnd(7)} ${perSecond} steps/s  ${(kernels / msPerStep).toFixed(3).padStart(8)} × cpu   ${description}`,
      );
    } catch (thrown) {
      console.log(`${device.padEnd(7)} ${AppError.from(thrown).message}`);
    }
  }
}
await releaseDevices();
process.exit(0);
