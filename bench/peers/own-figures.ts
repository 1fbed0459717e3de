import { readFileSync } from 'node:fs';
import { featureSet } from '../../main/features/feature-set.ts';
import { median } from '../../main/numeric/statistics.ts';
import { createRandom } from '../../main/numeric/random.ts';
import { NeuronSimulator } from '../../main/simulate/neuron-simulator.ts';
import { SimulatorPool } from '../../main/simulate/simulator-pool.ts';
import { initialParameters } from '../../main/train/initialise.ts';
import { reserveMemory, type KernelBuild } from '../../native/kernels.ts';
import { createBuild } from '../../main/train/kernels.ts';
import { densityNetwork } from '../../main/train/network.ts';
import { TrainingPlan } from '../../main/train/plan.ts';
import { sets, task, theta } from './problem.ts';

/** Processor time of this thread, seconds: the median of the repetitions, after one to warm up. */
function threadSeconds(run: () => void, repeats = 7): number {
  const seconds = Array.from({ length: repeats + 1 }, () => {
    const before = process.threadCpuUsage();
    run();
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1e6;
  });
  return median(seconds.slice(1));
}

/** Microseconds of one training step, 20 → 50 → 50 → D = 12, batch 100. */
export function trainingStep(components: number, build: KernelBuild): number {
  const [rows, batchSize, inputs, outputs, steps] = [2000, 100, 20, 12, 200];
  const network = densityNetwork({ inputs, outputs, hidden: [50, 50], components, variational: false });
  const plan = new TrainingPlan(createBuild(build), network, {
    batchSize,
    rows,
    learnsImputation: false,
  });
  const random = createRandom(1);
  for (const data of [plan.x, plan.target]) for (let i = 0; i < data.length; i++) data[i] = random.normal();
  const start = initialParameters(network, random);
  plan.setParameters(start);
  const klConstant = plan.setWeightPrior(new Float32Array(start.length));
  plan.seedNoise(random);
  let step = 0;
  const each = threadSeconds(() => {
    for (let i = 0; i < steps; i++) {
      plan.differentiate((step * batchSize) % rows, batchSize, 1 / rows, klConstant);
      const norm = Math.sqrt(plan.gradientNorm2());
      plan.adam(++step, 1e-3, norm > 5 ? 5 / norm : 1);
    }
  });
  return (each / steps) * 1e6;
}

/** Multiplications with addition a second in the matrix kernel of a layer 50 → 50, batch 100, in billions of lanes. */
export function matrixGigaFma(): number {
  const kernels = createBuild('wasm-relaxed');
  const [outputs, inputs, batch, calls] = [50, 50, 100, 4000];
  reserveMemory(kernels, kernels.heapBase + 2 ** 17);
  const at = (floats: number) => kernels.heapBase + 4 * floats;
  const [w, bias, x, y] = [at(0), at(outputs * inputs), at(4096), at(4096 + inputs * batch)];
  const seconds = threadSeconds(() => {
    for (let i = 0; i < calls; i++) kernels.linearForward(outputs, inputs, batch, w, bias, x, y);
  });
  return (outputs * inputs * batch * calls) / seconds / 1e9;
}

/** Ten accumulators of 128 bits and nothing but relaxed multiply-adds, in billions of lanes a second. */
export function peakGigaFma(): number {
  const { instance } = peakModule();
  const rounds = 2e6;
  const seconds = threadSeconds(() => void instance(rounds));
  return (rounds * 40 * 4) / seconds / 1e9;
}

/** (loop n: 40 × v = madd(v, a, v) over ten locals), encoded by hand: there is no such module to import. */
function peakModule(): { instance: (rounds: number) => number } {
  const madd = [0xfd, 0x85, 0x02];
  const body: number[] = [2, 10, 0x7b, 1, 0x7b]; // locals 1…10 accumulators, 11 the factor
  body.push(0x03, 0x40);
  for (let turn = 0; turn < 4; turn++)
    for (let v = 1; v <= 10; v++) body.push(0x20, v, 0x20, 11, 0x20, v, ...madd, 0x21, v);
  body.push(0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b);
  for (let v = 1; v <= 10; v++) body.push(0x20, v, ...(v > 1 ? [0xfd, 0xe4, 0x01] : []));
  body.push(0xfd, 0x1f, 0, 0xa8, 0x0b);
  const leb = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >> 7)]);
  const section = (id: number, bytes: number[]) => [id, ...leb(bytes.length), ...bytes];
  const bytes = [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7f]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x66, 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ];
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)));
  return { instance: exports['f'] as (rounds: number) => number };
}

/** The moments' share of the time that a simulation takes with them, dt 0.025 ms. */
export function featureShare(): number {
  const neuron = task(0.025, 'f32');
  const simulator = new NeuronSimulator(neuron);
  const set = featureSet('moments');
  const out = new Float64Array(set.definitions.length);
  const { dtMs, stepStartMs, stepEndMs, stepAmplitude } = neuron.protocol;
  const all = (measure: boolean) => {
    for (let first = 0; first < sets; first += simulator.lanes) {
      const count = Math.min(simulator.lanes, sets - first);
      simulator.simulate({ theta, first, count, seed: 1, stream: 0, firstIndex: 0 });
      for (let i = 0; measure && i < count; i++)
        set.compute({ voltageMv: simulator.trace(i), dtMs, stepStartMs, stepEndMs, stepAmplitude }, out, 0);
    }
  };
  all(true);
  // Ten times over all: the kernel may count processor time in ticks of 4 ms.
  const ten = (measure: boolean) => () => {
    for (let pass = 0; pass < 10; pass++) all(measure);
  };
  // In turns: both meet the same machine.
  const shares = Array.from(
    { length: 7 },
    () => 1 - threadSeconds(ten(false), 1) / threadSeconds(ten(true), 1),
  );
  return median(shares);
}

/** Wall-clock speed of two workers over one, the best of three each: other work on the machine lowers it. */
export async function twoWorkers(): Promise<number> {
  const batch = { theta, n: sets, seed: 1, stream: 0, firstIndex: 0 };
  const best = async (workers: number) => {
    const features = { set: 'moments' as const, exclude: [], bins: null };
    const rules = { kind: 'neuron' as const, maxVoltageMv: 200, maxSpikes: null };
    const pool = await SimulatorPool.create({ ...task(0.01, 'f32'), ...rules, features }, { workers });
    const seconds: number[] = [];
    for (let i = 0; i < 4; i++) seconds.push((await pool.simulate(batch)).seconds);
    await pool.close();
    return Math.min(...seconds);
  };
  return (await best(1)) / (await best(2));
}

/** What the kernel says of the machine's load; where it does not, nothing. */
export function loadAverage(): string {
  try {
    return readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(', ');
  } catch {
    return 'unknown';
  }
}
