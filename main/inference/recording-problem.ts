import { createHash } from 'node:crypto';
import type { FitConfig } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import type { ModelFile } from '../contract/model.ts';
import type { ParameterSpec } from '../contract/prior.ts';
import type { Inspection, SweepSummary, Warning } from '../contract/recording.ts';
import { featureSet } from '../features/feature-set.ts';
import type { TraceBins } from '../features/trace.ts';
import { inspectRecording, suggestSweep } from '../features/inspection.ts';
import { spikeCountOf } from '../features/spike-count.ts';
import { loadModel } from '../model/neuron-model.ts';
import { specificCapacitance } from '../model/specific-capacitance.ts';
import { estimateMembrane } from '../recording/membrane.ts';
import type { Recording } from '../recording/recording.ts';
import { sweepFeature } from '../simulate/neuron-job.ts';
import { protocolFromSweep, type Protocol } from '../simulate/protocol.ts';
import type { SimulationTask } from '../simulate/simulator-pool.ts';
import type { PreparedRecord, ReplayRecord } from './fit-store.ts';
import { settleTrace } from './trace-reading.ts';

type RecordingSource = Extract<NonNullable<FitConfig['source']>, { recording: string }>;

/** A membrane capacitance that is neither measured nor given: typical of a small cortical neuron. */
const assumedCapacitancePf = 100;

/** An open recording and what was found in it. */
export interface InspectedRecording {
  recording: Recording;
  inspection: Inspection;
}

/**
 * A recorded sweep and a neuron model that receives the sweep's current.
 * @param opened the source's recording where it is open already; it stays open
 */
export async function recordingProblem(
  config: FitConfig,
  source: RecordingSource,
  signal?: AbortSignal,
  opened?: InspectedRecording,
): Promise<{ prepared: PreparedRecord; task: SimulationTask; replay: ReplayRecord }> {
  const model = (await loadModel(config.model)).file;
  const { free, fixed } = splitParameters(model, config.parameters);
  const { recording, inspection } =
    opened ?? (await inspectRecording(source.recording, { reading: config.cell, signal }));
  try {
    signal?.throwIfAborted();
    checkContent(inspection, source);
    const sweep = chooseSweep(inspection, source.sweep);
    const corrected = config.cell.liquidJunctionMv !== 0;
    const warnings = inspection.warnings.filter(
      ({ code }) => !(corrected && code === 'liquid-junction-potential'),
    );
    const capacitancePf = await settleCapacitance(config, recording, warnings);
    const area = { capacitancePf, specificCapacitance: specificCapacitance(model) };
    const first = await readForFit(config, recording, sweep, area, config.simulation.dtMs);
    const { protocol } = first;
    const { config: settled, bins } = settleTrace(
      config,
      (protocol.steps - 1) * protocol.dtMs,
      Math.max(first.intervalMs, protocol.dtMs),
    );
    const others = await otherSweeps(settled, source, inspection, sweep.sweep, (other) =>
      readForFit(config, recording, other, area, protocol.dtMs),
    );
    const several = others.length > 0;
    const features = [{ sweep: sweep.sweep, read: first }, ...others].flatMap(({ sweep: number, read }) => {
      const own = observeFeatures(config, read.voltageMv, read.intervalMs, read.protocol, bins);
      return several ? own.map((f) => ({ ...f, name: sweepFeature(number, f.name) })) : own;
    });
    const sweeps = several
      ? {
          own: sweep.sweep,
          others: others.map(({ sweep: number, read }) => ({ sweep: number, protocol: read.protocol })),
        }
      : null;
    const prepared: PreparedRecord = {
      config: {
        ...settled,
        source: { ...source, sha256: inspection.sha256, sweep: sweep.sweep },
        cell: { ...config.cell, capacitancePf, mapping: inspection.mapping ?? null },
        simulation: { ...config.simulation, dtMs: protocol.dtMs },
      },
      recording: {
        file: source.recording,
        sha256: inspection.sha256,
        sweeps: [sweep.sweep, ...others.map((other) => other.sweep)],
      },
      model: model.name,
      modelSha256: createHash('sha256').update(JSON.stringify(model)).digest('hex'),
      parameters: free,
      jointPrior: null,
      coordinates: 'working',
      features,
      warnings,
    };
    const single = neuronTask(prepared, model, fixed, protocol, bins);
    const task = sweeps ? { ...single, sweeps } : single;
    const { voltageMv, intervalMs } = first;
    return { prepared, task, replay: { task, voltageMv, intervalMs } };
  } finally {
    if (opened === undefined) await recording.close();
  }
}

interface SweepForFit {
  protocol: Protocol;
  /** With the junction potential. */
  voltageMv: Float32Array;
  intervalMs: number;
}

async function readForFit(
  { cell }: FitConfig,
  recording: Recording,
  sweep: SweepSummary,
  area: { capacitancePf: number; specificCapacitance: number },
  dtMs: number | null,
): Promise<SweepForFit> {
  const data = await recording.readSweep(sweep.sweep);
  const { liquidJunctionMv, stimulus } = cell;
  return {
    protocol: protocolFromSweep({ sweep, data, ...area, liquidJunctionMv, stimulus, dtMs }),
    voltageMv: data.voltageMv.map((v) => v + liquidJunctionMv),
    intervalMs: 1000 / data.rateHz,
  };
}

/** The sweeps that are fitted together with the first, in the order of their numbers. */
async function otherSweeps(
  config: FitConfig,
  source: RecordingSource,
  inspection: Inspection,
  first: number,
  read: (sweep: SweepSummary) => Promise<SweepForFit>,
): Promise<{ sweep: number; read: SweepForFit }[]> {
  const numbers = [...new Set(source.alsoSweeps ?? [])].filter((n) => n !== first).sort((a, b) => a - b);
  if (numbers.length > 0 && config.features.set === 'trace')
    throw new AppError('not-yet', 'The traces of several sweeps cannot be read at once in this version.', {
      remedy: 'Choose another feature set for several sweeps, or fit the trace of one.',
    });
  const others: { sweep: number; read: SweepForFit }[] = [];
  for (const number of numbers)
    others.push({ sweep: number, read: await read(chooseSweep(inspection, number)) });
  return others;
}

function neuronTask(
  prepared: PreparedRecord,
  model: ModelFile,
  fixed: Record<string, number>,
  protocol: Protocol,
  bins: TraceBins | null,
): Extract<SimulationTask, { kind: 'neuron' }> {
  const { config } = prepared;
  return {
    kind: 'neuron',
    model,
    free: prepared.parameters.map((parameter) => parameter.name),
    fixed,
    protocol,
    precision: config.simulation.precision,
    strict: config.strict,
    maxVoltageMv: config.simulation.maxVoltageMv,
    maxSpikes: config.simulation.maxSpikes,
    features: { set: config.features.set, exclude: config.features.exclude, bins },
  };
}

/** The observed features, over the same window and by the same code as the simulated ones. */
function observeFeatures(
  config: FitConfig,
  voltageMv: Float32Array,
  dtMs: number,
  protocol: Protocol,
  bins: TraceBins | null,
): PreparedRecord['features'] {
  const set = featureSet(config.features.set, bins);
  const values = new Float64Array(set.definitions.length);
  const { stepStartMs, stepEndMs, stepAmplitude } = protocol;
  const input = { voltageMv, dtMs, stepStartMs, stepEndMs, stepAmplitude };
  set.compute(input, values, 0);
  refuseRuledOut(spikeCountOf(set, values, input), config.simulation.maxSpikes);
  const names = set.definitions.map((definition) => definition.name);
  const unknown = config.features.exclude.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new AppError(
      'input-invalid',
      `The feature set ${set.name} has no feature ${unknown.join(', ')} to leave out.`,
      {
        remedy: `Its features are ${names.join(', ')}.`,
      },
    );
  }
  const kept = set.definitions.flatMap((definition, f) =>
    config.features.exclude.includes(definition.name)
      ? []
      : [{ ...definition, observed: Number.isNaN(values[f]) ? null : values[f]! }],
  );
  if (kept.every((feature) => feature.observed === null)) {
    throw new AppError(
      'recording-unusable',
      `None of the features of the set ${set.name} is defined on this sweep.`,
      {
        remedy: 'Choose another sweep or another feature set.',
      },
    );
  }
  return kept;
}

/** A rule that the recording itself breaks would leave nothing near it to learn from. */
function refuseRuledOut(spikes: number, maxSpikes: number | null): void {
  if (maxSpikes === null || !(spikes > maxSpikes)) return;
  throw new AppError(
    'input-invalid',
    `The sweep has ${spikes} spikes, but simulation.maxSpikes sets simulations with more than ${maxSpikes} aside.`,
    { remedy: `Set simulation.maxSpikes well above ${spikes}, or to null.` },
  );
}

function splitParameters(
  model: ModelFile,
  overrides: FitConfig['parameters'],
): { free: ParameterSpec[]; fixed: Record<string, number> } {
  const names = model.parameters.map((parameter) => parameter.name);
  const unknown = Object.keys(overrides).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new AppError('input-invalid', `The model ${model.name} has no parameter ${unknown.join(', ')}.`, {
      remedy: `Its parameters are ${names.join(', ')}.`,
    });
  }
  const fixed: Record<string, number> = {};
  const free: ParameterSpec[] = [];
  for (const parameter of model.parameters) {
    const override = overrides[parameter.name];
    if (override && 'fixed' in override) fixed[parameter.name] = override.fixed;
    else free.push(override ? { ...parameter, prior: override.prior } : parameter);
  }
  if (free.length === 0) {
    throw new AppError('input-invalid', 'Every parameter is fixed: there is nothing to infer.', {
      remedy: 'Leave at least one parameter free.',
    });
  }
  return { free, fixed };
}

function checkContent(inspection: Inspection, source: RecordingSource): void {
  if (source.sha256 === null || source.sha256 === inspection.sha256) return;
  throw new AppError(
    'input-invalid',
    `${source.recording} is not the file of this configuration: its content has changed.`,
    {
      remedy: 'Use the original file, or remove sha256 from the configuration to fit this one.',
      details: { file: source.recording, expected: source.sha256, found: inspection.sha256 },
    },
  );
}

function chooseSweep(inspection: Inspection, wanted: number | null): SweepSummary {
  const usable = inspection.sweeps.filter((sweep) => sweep.usable);
  if (usable.length === 0) {
    const reason = inspection.sweeps[0]?.reason ?? inspection.warnings[0]?.message ?? 'It holds no sweep.';
    throw new AppError(
      'recording-unusable',
      `${inspection.file} has no sweep that can be fitted: ${reason}`,
      {
        remedy: 'Choose a current-clamp recording with its stimulus.',
        details: { file: inspection.file },
      },
    );
  }
  const number = wanted ?? suggestSweep(inspection);
  const sweep = inspection.sweeps.find((candidate) => candidate.sweep === number);
  if (sweep?.usable) return sweep;
  throw new AppError(
    'input-invalid',
    sweep
      ? `Sweep ${sweep.sweep} of ${inspection.file} cannot be fitted: ${sweep.reason}`
      : `${inspection.file} has no sweep ${wanted}.`,
    { remedy: `Usable sweeps: ${usable.map((candidate) => candidate.sweep).join(', ')}.` },
  );
}

async function settleCapacitance(
  config: FitConfig,
  recording: Recording,
  warnings: Warning[],
): Promise<number> {
  if (config.cell.capacitancePf !== null) return config.cell.capacitancePf;
  const membrane = await estimateMembrane(recording);
  const remedy = 'Set cell.capacitancePf to the value you measured.';
  if (membrane === null) {
    warnings.push({
      code: 'capacitance-assumed',
      message: `The membrane capacitance cannot be measured on this file; ${assumedCapacitancePf} pF is assumed, and all conductances scale with it.`,
      remedy,
    });
    return assumedCapacitancePf;
  }
  if (membrane.method === 'onset-slope') {
    warnings.push({
      code: 'capacitance-from-onset',
      message: `There is no hyperpolarising step; the capacitance (${membrane.capacitancePf.toFixed(0)} pF) was read from the slope at the onset of a depolarising one, which is less certain.`,
      remedy,
    });
  }
  return membrane.capacitancePf;
}
