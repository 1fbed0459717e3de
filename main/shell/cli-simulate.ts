import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { Option } from 'commander';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { protocolFileSchema } from '../contract/model.ts';
import { inspectRecording, suggestSweep } from '../features/inspection.ts';
import { spikeTimesMs } from '../features/moments.ts';
import { loadModel } from '../model/neuron-model.ts';
import { estimateMembrane } from '../recording/membrane.ts';
import { protocolFromFile, protocolFromSweep, type Protocol } from '../simulate/protocol.ts';
import { SimulatorPool } from '../simulate/simulator-pool.ts';
import { cancelSignal, command, jsonOption, whole, type CommonOptions } from './cli-command.ts';
import { sayJson, tell } from './cli-output.ts';
import { readParameterTable } from './parameter-table.ts';
import { featureSetName } from './recording-service.ts';

interface Options extends CommonOptions {
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
    .requiredOption('--out <file>', 'the CSV to write')
    .option('--features [set]', 'write features and spike times instead of traces (moments)')
    .addOption(new Option('--precision <p>', 'floating-point width').choices(['f32', 'f64']).default('f32'))
    .option('--strict', 'bit-identical on every processor')
    .option('--seed <number>', 'the noise stream', whole(0, Number.MAX_SAFE_INTEGER), 1)
    .option('--workers <number>', 'worker threads (one per core)', whole(1, 256))
    .addOption(jsonOption())
    .action(run);

/** Rows simulated and written at a time: bounds the memory that traces take. */
const rowsAtOnce = 256;

async function run(options: Options): Promise<void> {
  const set =
    options.features === undefined
      ? null
      : featureSetName(options.features === true ? 'moments' : options.features);
  const model = (await loadModel(options.model)).file;
  const names = model.parameters.map((parameter) => parameter.name);
  const { theta, n } = await readParameterTable(options.params, names);
  const protocol = await readProtocol(options.protocol);
  const workers = options.workers ?? availableParallelism();
  const pool = await SimulatorPool.create(
    {
      kind: 'neuron',
      model,
      free: names,
      fixed: {},
      protocol,
      precision: options.precision,
      strict: options.strict === true,
      maxVoltageMv: 200,
      features: { set: set ?? 'moments', exclude: [] },
    },
    { workers },
  );
  const started = performance.now();
  try {
    await mkdir(dirname(options.out), { recursive: true });
    const job = { pool, theta, n, dimension: names.length, seed: options.seed, path: options.out, protocol };
    const { bad, cpuSeconds } = set === null ? await writeTraces(job) : await writeFeatures(job);
    const seconds = (performance.now() - started) / 1000;
    if (bad > 0) tell(`${bad} of ${n} simulations diverged; their values are NaN.`);
    tell(`Wrote ${options.out}.`);
    if (options.json) {
      const nsPerStepAndCore = (1e9 * cpuSeconds) / (n * protocol.steps);
      sayJson({ simulations: n, workers, seconds, nsPerStepAndCore, bad, out: options.out });
    }
  } finally {
    await pool.close();
  }
}

interface Job {
  pool: SimulatorPool;
  /** [n, dimension] row-major */
  theta: Float64Array;
  n: number;
  dimension: number;
  seed: number;
  path: string;
  protocol: Protocol;
}

const batchOf = (job: Job, first: number, count: number) => ({
  theta: job.theta.slice(first * job.dimension, (first + count) * job.dimension),
  n: count,
  seed: job.seed,
  stream: 0,
  firstIndex: first,
});

/** The columns are parameter sets and the rows are time, so every trace is needed before the first line is written. */
async function writeTraces(job: Job): Promise<{ bad: number; cpuSeconds: number }> {
  const { cpuSeconds } = await job.pool.simulate(batchOf(job, 0, job.n), { signal: cancelSignal });
  const { dtMs, steps, voltageMv, bad } = await job.pool.traces(batchOf(job, 0, job.n), {
    signal: cancelSignal,
  });
  const decimals = Math.max(0, Math.ceil(-Math.log10(dtMs)) + 3);
  const header = ['timeMs', ...Array.from({ length: job.n }, (_, i) => `v${i}`)];
  await writeLines(job.path, function* () {
    yield header.join(',');
    for (let t = 0; t < steps; t++) {
      const cells = [String(Number((t * dtMs).toFixed(decimals)))];
      for (let i = 0; i < job.n; i++) cells.push(bad[i] ? 'NaN' : shortest(voltageMv[i * steps + t]!));
      yield cells.join(',');
    }
  });
  return { bad: count(bad), cpuSeconds };
}

async function writeFeatures(job: Job): Promise<{ bad: number; cpuSeconds: number }> {
  let bad = 0;
  let cpuSeconds = 0;
  const names = job.pool.features.map((feature) => feature.name);
  const lines = [[...names, 'spikeTimesMs'].join(',')];
  const { stepStartMs, stepEndMs, stepAmplitude } = job.protocol;
  for (let first = 0; first < job.n; first += rowsAtOnce) {
    const batch = batchOf(job, first, Math.min(rowsAtOnce, job.n - first));
    const simulated = await job.pool.simulate(batch, { signal: cancelSignal });
    const { voltageMv, steps, dtMs } = await job.pool.traces(batch, { signal: cancelSignal });
    bad += count(simulated.bad);
    cpuSeconds += simulated.cpuSeconds;
    for (let i = 0; i < batch.n; i++) {
      const values = simulated.x.subarray(i * names.length, (i + 1) * names.length);
      const trace = voltageMv.subarray(i * steps, (i + 1) * steps);
      const times = simulated.bad[i]
        ? []
        : spikeTimesMs({ voltageMv: trace, dtMs, stepStartMs, stepEndMs, stepAmplitude });
      lines.push([...values, Array.from(times, (ms) => Number(ms.toFixed(6))).join(' ')].join(','));
    }
  }
  await writeLines(job.path, () => lines);
  return { bad, cpuSeconds };
}

async function readProtocol(text: string): Promise<Protocol> {
  if (/\.json$/i.test(text)) return protocolFromFile(await readProtocolFile(text));
  const numbered = existsSync(text) ? null : /^(.+):(\d+)$/.exec(text);
  const path = numbered?.[1] ?? text;
  const { recording, inspection } = await inspectRecording(path);
  try {
    const number = numbered ? Number(numbered[2]) : suggestSweep(inspection);
    const sweep = inspection.sweeps.find((candidate) => candidate.sweep === number);
    if (!sweep?.usable) {
      const why = sweep?.reason ?? (number === null ? 'no sweep is usable.' : `there is no sweep ${number}.`);
      throw new AppError('input-invalid', `${path} cannot give the stimulus: ${why}`, {
        remedy: '“chronaxie inspect” lists the sweeps; write RECORDING:SWEEP.',
      });
    }
    const membrane = await estimateMembrane(recording);
    if (membrane === null) {
      throw new AppError('input-invalid', `The membrane capacitance cannot be measured on ${path}.`, {
        remedy: 'Write the stimulus as PROTOCOL.json, in µA/cm².',
      });
    }
    tell(
      `Sweep ${sweep.sweep}, membrane capacitance ${membrane.capacitancePf.toFixed(1)} pF (${membrane.method}).`,
    );
    const data = await recording.readSweep(sweep.sweep);
    const { capacitancePf } = membrane;
    return protocolFromSweep({
      sweep,
      data,
      capacitancePf,
      liquidJunctionMv: 0,
      stimulus: 'auto',
      dtMs: null,
    });
  } finally {
    await recording.close();
  }
}

async function readProtocolFile(path: string): Promise<z.infer<typeof protocolFileSchema>> {
  const refuse = (code: 'file-not-found' | 'input-invalid', why: string, cause?: unknown) =>
    new AppError(code, `${path}: ${why}`, {
      remedy:
        'A protocol is {"dtMs":…,"durationMs":…,"initialMv":…,"stimulus":[{"startMs":…,"endMs":…,"uAPerCm2":…}]}.',
      cause,
      details: { file: path },
    });
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw refuse('file-not-found', 'the protocol cannot be read.', cause);
  });
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw refuse(
      'input-invalid',
      `it is not valid JSON: ${cause instanceof Error ? cause.message : ''}.`,
      cause,
    );
  }
  const parsed = protocolFileSchema.safeParse(document);
  if (!parsed.success) throw refuse('input-invalid', z.prettifyError(parsed.error), parsed.error);
  return parsed.data;
}

/** Eight significant digits: a float32 has 7.2. */
const shortest = (value: number) => String(Number(value.toPrecision(8)));

const count = (bad: Uint8Array) => bad.reduce((sum, reason) => sum + (reason === 0 ? 0 : 1), 0);

async function writeLines(path: string, lines: () => Iterable<string>): Promise<void> {
  const file = createWriteStream(path);
  const end = finished(file);
  for (const line of lines()) {
    if (!file.write(`${line}\n`)) await Promise.race([once(file, 'drain'), end]);
  }
  file.end();
  await end;
}
