import { availableParallelism } from 'node:os';
import { Option } from 'commander';
import { AppError } from '../contract/errors.ts';
import { protocolBins } from '../simulate/protocol.ts';
import { loadModel } from '../model/neuron-model.ts';
import { SimulatorPool, type SimulationBatch } from '../simulate/simulator-pool.ts';
import { cancelSignal, command, jsonOption, whole, type CommonOptions } from './cli-command.ts';
import { mapOption, type MapOption } from './cli-map-option.ts';
import { sayJson, tell } from './cli-output.ts';
import { writeOutput } from './output-file.ts';
import { readParameterTable } from './parameter-table.ts';
import { readProtocol } from './protocol-source.ts';
import { featureSetName } from './recording-service.ts';

interface Options extends CommonOptions, MapOption {
  model: string;
  params: string;
  protocol: string;
  out: string;
  features?: string | true;
  precision: 'f32' | 'f64';
  strict?: boolean;
  seed: number;
  workers?: number;
}

export const simulateCommand = () =>
  command('simulate', 'simulate a model for each row of a parameter table')
    .requiredOption('--model <name>', 'a built-in model or a model file')
    .requiredOption('--params <file>', 'the parameter sets (CSV, one a row)')
    .requiredOption('--protocol <file>', 'the stimulus: PROTOCOL.json, or RECORDING[:SWEEP]')
    .addOption(mapOption())
    .requiredOption('--out <file>', 'the CSV to write')
    .option('--features [set]', 'write features and spike times instead of traces (moments)')
    .addOption(new Option('--precision <p>', 'floating-point width').choices(['f32', 'f64']).default('f32'))
    .option('--strict', 'bit-identical on every processor')
    .option('--seed <number>', 'the noise stream', whole(0, Number.MAX_SAFE_INTEGER), 1)
    .option('--workers <number>', 'worker threads (one per core)', whole(1, 256))
    .addOption(jsonOption())
    .action(run);

async function run(options: Options): Promise<void> {
  const set =
    options.features === undefined
      ? null
      : featureSetName(options.features === true ? 'moments' : options.features);
  const model = (await loadModel(options.model)).file;
  const names = model.parameters.map((parameter) => parameter.name);
  const { theta, n } = await readParameterTable(options.params, names);
  const protocol = await readProtocol(options.protocol, model, options);
  const { precision } = options;
  if (set === null) refuseTooLarge(n * protocol.steps * (precision === 'f32' ? 4 : 8));
  const workers = options.workers ?? availableParallelism();
  const pool = await SimulatorPool.create(
    {
      kind: 'neuron',
      model,
      free: names,
      fixed: {},
      protocol,
      precision,
      strict: options.strict === true,
      maxVoltageMv: 200,
      maxSpikes: null,
      features: {
        set: set ?? 'moments',
        exclude: [],
        bins: set === 'trace' ? protocolBins(protocol, null) : null,
      },
    },
    { workers },
  );
  const startMs = performance.now();
  try {
    const batch = { theta, n, seed: options.seed, stream: 0, firstIndex: 0 };
    const { bad, busySeconds } =
      set === null
        ? await writeTraces(pool, batch, options.out)
        : await writeFeatures(pool, batch, options.out);
    const seconds = (performance.now() - startMs) / 1000;
    if (bad > 0) tell(`${bad} of ${n} simulations diverged; their values are NaN.`);
    tell(`Wrote ${options.out}.`);
    if (options.json) {
      const nsPerStepAndCore = coreNanoseconds(busySeconds, workers) / (n * (protocol.steps - 1));
      sayJson({ simulations: n, workers, seconds, nsPerStepAndCore, bad, out: options.out });
    }
  } finally {
    await pool.close();
  }
}

/** Workers beyond the number of cores take turns: of the time that each is at it, it has only its share of a core. */
function coreNanoseconds(busySeconds: number, workers: number): number {
  return 1e9 * busySeconds * Math.min(1, availableParallelism() / workers);
}

/** All traces are in memory before the first line is written: the columns are parameter sets and the rows are time. */
const mostTraceBytes = 4 * 2 ** 30;

function refuseTooLarge(bytes: number): void {
  if (bytes <= mostTraceBytes) return;
  throw new AppError(
    'input-invalid',
    `The traces would take ${(bytes / 2 ** 30).toFixed(1)} GiB of memory.`,
    {
      remedy: 'Simulate fewer rows at a time, or ask for --features instead of traces.',
    },
  );
}

interface Written {
  bad: number;
  busySeconds: number;
}

async function writeTraces(pool: SimulatorPool, batch: SimulationBatch, path: string): Promise<Written> {
  const { n } = batch;
  const { dtMs, steps, voltageMv, bad, busySeconds } = await pool.exactTraces(batch, {
    signal: cancelSignal,
  });
  const decimals = Math.max(0, Math.ceil(-Math.log10(dtMs)) + 3);
  const text = digits(voltageMv);
  await writeOutput(
    path,
    (function* () {
      yield `${['timeMs', ...Array.from({ length: n }, (_, i) => `v${i}`)].join(',')}\n`;
      for (let t = 0; t < steps; t++) {
        const cells = [String(Number((t * dtMs).toFixed(decimals)))];
        for (let i = 0; i < n; i++) cells.push(bad[i] ? 'NaN' : text(voltageMv[i * steps + t]!));
        yield `${cells.join(',')}\n`;
      }
    })(),
  );
  return { bad: count(bad), busySeconds };
}

/** So many simulations are in memory at once: their features and spike times are written before the next ones run. */
const simulationsAtOnce = 20_000;

async function writeFeatures(pool: SimulatorPool, batch: SimulationBatch, path: string): Promise<Written> {
  const names = pool.features.map((feature) => feature.name);
  const dimension = batch.theta.length / batch.n;
  const written = { bad: 0, busySeconds: 0 };
  const simulate = (start: number) => {
    const n = Math.min(simulationsAtOnce, batch.n - start);
    const theta = batch.theta.subarray(start * dimension, (start + n) * dimension);
    const options = { signal: cancelSignal, spikeTimes: true };
    return pool.simulate({ ...batch, theta, n, firstIndex: batch.firstIndex + start }, options);
  };
  // Before the file is opened, so that what cannot be simulated leaves an older one as it was.
  let part = await simulate(0);
  await writeOutput(
    path,
    (async function* () {
      yield `${[...names, 'spikeTimesMs'].join(',')}\n`;
      for (let start = 0; start < batch.n; start += simulationsAtOnce) {
        if (start > 0) part = await simulate(start);
        written.bad += count(part.bad);
        written.busySeconds += part.busySeconds;
        const rows = part.bad.length;
        for (let i = 0; i < rows; i++) {
          const times = part.spikeTimesMs?.[i]?.map((ms) => Number(ms.toFixed(6))) ?? [];
          const values = part.x.subarray(i * names.length, (i + 1) * names.length);
          yield `${[...values, times.join(' ')].join(',')}\n`;
        }
      }
    })(),
  );
  return written;
}

/** Digits that read back as exactly the simulated number: nine for single precision. */
const digits = (voltageMv: Float32Array | Float64Array) =>
  voltageMv instanceof Float32Array
    ? (value: number) => String(Number(value.toPrecision(9)))
    : (value: number) => String(value);

const count = (bad: Uint8Array) => bad.reduce((sum, reason) => sum + (reason === 0 ? 0 : 1), 0);
