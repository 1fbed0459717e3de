import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../contract/errors.ts';
import type { ModuleSimulator } from './module-simulator.ts';
import { NeuronWork } from './neuron-job.ts';
import {
  badCode,
  control,
  type FromWorker,
  type SharedJob,
  type SimulationTask,
  type ToWorker,
} from './simulation-messages.ts';

/** A worker of the simulator pool: makes its task ready, says so, then takes part in one job after the other. */
const port = parentPort!;
const { task, place } = workerData as { task: SimulationTask; place: number };

function tell(message: FromWorker): void {
  port.postMessage(message);
}

async function moduleRun(simulator: ModuleSimulator, job: SharedJob): Promise<void> {
  const dimension = simulator.info.parameters.length;
  const features = simulator.info.features.length;
  while (Atomics.load(job.control, control.cancelled) === 0) {
    const row = Atomics.add(job.control, control.next, 1);
    if (row >= job.n) break;
    Atomics.store(job.current, place, row + 1);
    // A copy: the module may keep or change it.
    const theta = job.theta.slice(row * dimension, (row + 1) * dimension);
    const name = { seed: job.seed, stream: job.stream, index: job.firstIndex + row };
    const reason = await simulator.simulate(new Float64Array(theta), name, job.x, row * features);
    if (reason !== null) {
      job.bad[row] = badCode.told;
      Atomics.add(job.control, control.bad, 1);
      tell({ kind: 'bad', job: job.job, row, reason });
    }
    Atomics.store(job.current, place, 0);
    Atomics.add(job.control, control.done, 1);
  }
}

async function start(): Promise<void> {
  let work: (job: SharedJob) => Promise<[number, number[]][]>;
  if (task.kind === 'neuron') {
    const neuron = new NeuronWork(task);
    work = (job) => Promise.resolve(neuron.run(job));
    const { features, simulator } = neuron;
    tell({ kind: 'ready', features, dimension: task.free.length, steps: simulator.steps, module: null });
  } else {
    // Loaded on demand: it brings the schema library, which a neuron model's worker does not need.
    const { loadModuleSimulator } = await import('./module-simulator.ts');
    const simulator = await loadModuleSimulator(task.path);
    work = async (job) => {
      await moduleRun(simulator, job);
      return [];
    };
    const { info } = simulator;
    const features = info.features.map((name) => ({ name, unit: '', description: '' }));
    tell({ kind: 'ready', features, dimension: info.parameters.length, steps: 0, module: info });
  }
  port.on('message', ({ job }: ToWorker) => {
    // The wall clock: a thread's processor time comes in steps of milliseconds on some systems, longer than a small job.
    const startMs = performance.now();
    const busySeconds = (): number => (performance.now() - startMs) / 1000;
    work(job)
      .then((spikeTimesMs) =>
        tell({ kind: 'finished', job: job.job, busySeconds: busySeconds(), spikeTimesMs }),
      )
      .catch((thrown: unknown) =>
        tell({ kind: 'refused', job: job.job, error: AppError.from(thrown).toWire() }),
      );
  });
}

start().catch((thrown: unknown) => tell({ kind: 'failed', error: AppError.from(thrown).toWire() }));
