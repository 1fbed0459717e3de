import { AppError } from '../contract/errors.ts';
import type { ProtocolFile } from '../contract/model.ts';
import type { SweepSummary } from '../contract/recording.ts';
import { traceBins, type TraceBins } from '../features/trace.ts';
import type { SweepData } from '../recording/recording.ts';
import { idealise, mainStep } from '../recording/stimulus.ts';

/** What a simulation is given: an initial voltage and a current density over time. Sample i lies at i·dtMs. */
export interface Protocol {
  dtMs: number;
  /** Number of samples; the first is the initial voltage. */
  steps: number;
  initialMv: number;
  /** [steps] µA/cm²; sample i drives the step from i to i + 1 */
  currentDensity: Float64Array;
  /** The main step, in which features are measured; start = end where there is none. */
  stepStartMs: number;
  stepEndMs: number;
  /** µA/cm² from the baseline */
  stepAmplitude: number;
}

/** The most samples of one simulation: 2²⁶ float32 voltages are 256 MB, and a minute at dt 0.01 ms is a tenth of it. */
export const maxSteps = 2 ** 26;

function checkedSteps(steps: number, what: string): number {
  if (steps >= 2 && steps <= maxSteps) return steps;
  throw new AppError(
    'input-invalid',
    steps < 2
      ? `${what} is shorter than two time steps.`
      : `${what} would take ${steps} time steps; at most ${maxSteps} fit in memory.`,
    {
      remedy:
        steps < 2
          ? 'Give a longer duration or a smaller time step.'
          : 'Choose a larger time step or a shorter sweep.',
    },
  );
}

/** 0.3/0.1 is 2.9999999999999996: a sample counts as reached from this fraction of a step below it. */
const sampleTolerance = 1e-6;

/** The first sample at or after a time. */
function sampleAt(timeMs: number, dtMs: number): number {
  return Math.ceil(timeMs / dtMs - sampleTolerance);
}

/**
 * The protocol of a PROTOCOL.json. Overlapping stimuli add, and so does the current that is given sample by sample. A stimulus acts on the samples with start ≤ t < end. The main
 * step is the longest stimulus, the first of equals; without a stimulus it is empty, at the end.
 */
export function protocolFromFile(file: ProtocolFile): Protocol {
  const { dtMs, durationMs } = file;
  // Both ends are samples: 120 ms at 0.01 ms are 12,000 time steps and 12,001 voltages.
  const steps = checkedSteps(Math.round(durationMs / dtMs) + 1, 'The protocol');
  const currentDensity = new Float64Array(steps);
  for (const { startMs, endMs, uAPerCm2 } of file.stimulus) {
    const end = Math.min(sampleAt(endMs, dtMs), steps);
    for (let i = sampleAt(startMs, dtMs); i < end; i++) currentDensity[i]! += uAPerCm2;
  }
  const { currentUAPerCm2 = [] } = file;
  if (currentUAPerCm2.length > steps) {
    throw new AppError(
      'input-invalid',
      `currentUAPerCm2 has ${currentUAPerCm2.length} values; the protocol has ${steps} samples.`,
      { remedy: 'Give at most durationMs/dtMs + 1 values, or a longer durationMs.' },
    );
  }
  currentUAPerCm2.forEach((density, i) => (currentDensity[i]! += density));
  const main = file.stimulus.reduce<ProtocolFile['stimulus'][number] | null>(
    (longest, s) =>
      longest === null || s.endMs - s.startMs > longest.endMs - longest.startMs + sampleTolerance * dtMs
        ? s
        : longest,
    null,
  );
  return {
    dtMs,
    steps,
    initialMv: file.initialMv,
    currentDensity,
    stepStartMs: main ? main.startMs : durationMs,
    stepEndMs: main ? Math.min(main.endMs, durationMs) : durationMs,
    stepAmplitude: main?.uAPerCm2 ?? 0,
  };
}

/** The bins in which traces of a protocol are read; see traceBins. */
export function protocolBins({ dtMs, steps }: Protocol, stepMs: number | null): TraceBins {
  return traceBins((steps - 1) * dtMs, dtMs, stepMs);
}

/** The largest divisor of the sampling interval that is at most this is the time step where none is asked for. */
const defaultLargestDtMs = 0.025;

export interface SweepProtocolOptions {
  sweep: SweepSummary;
  data: SweepData;
  /** The current is divided by it: µA/cm² = pA/pF · µF/cm². */
  capacitancePf: number;
  /** µF/cm² of the model. */
  specificCapacitance: number;
  /** Added to the recorded voltage. */
  liquidJunctionMv: number;
  /** auto = idealised where the file holds the recorded current and steps were found in it. */
  stimulus: 'auto' | 'as-recorded' | 'idealised';
  dtMs: number | null;
}

/**
 * The protocol that repeats a recorded sweep in a model: its current over its duration, from its first voltage. Between
 * recorded samples the current is held (sample-and-hold), as a digital stimulator does.
 */
export function protocolFromSweep(options: SweepProtocolOptions): Protocol {
  const { sweep, data, liquidJunctionMv } = options;
  const pfPerArea = options.capacitancePf / options.specificCapacitance;
  const samples = data.voltageMv.length;
  const intervalMs = 1000 / data.rateHz;
  const dtMs = options.dtMs ?? intervalMs / Math.ceil(intervalMs / defaultLargestDtMs - sampleTolerance);
  const lastMs = (samples - 1) * intervalMs;
  const steps = checkedSteps(Math.floor(lastMs / dtMs + sampleTolerance) + 1, `Sweep ${sweep.sweep}`);
  const current = injectedCurrentPa(options);
  const currentDensity = new Float64Array(steps);
  for (let i = 0; i < steps; i++) {
    const sample = Math.min(Math.floor((i * dtMs) / intervalMs + sampleTolerance), samples - 1);
    currentDensity[i] = current[sample]! / pfPerArea;
  }
  const firstMv = data.voltageMv[0]!;
  if (!Number.isFinite(firstMv) || currentDensity.some((density) => !Number.isFinite(density)))
    throw new AppError('recording-unusable', `Sweep ${sweep.sweep} has values that are not finite numbers.`, {
      remedy: 'Choose another sweep.',
      details: { sweep: sweep.sweep },
    });
  const main = mainStep(sweep.current.steps);
  const durationMs = (steps - 1) * dtMs;
  return {
    dtMs,
    steps,
    initialMv: firstMv + liquidJunctionMv,
    currentDensity,
    stepStartMs: main ? main.startMs : durationMs,
    stepEndMs: main ? Math.min(main.endMs, durationMs) : durationMs,
    stepAmplitude: main ? main.relativePa / pfPerArea : 0,
  };
}

function injectedCurrentPa({ sweep, data, stimulus }: SweepProtocolOptions): Float32Array {
  const { kind, steps, holdingPa } = sweep.current;
  if (data.currentPa === null) return new Float32Array(data.voltageMv.length);
  const wanted =
    stimulus === 'auto' ? (kind === 'recorded' && steps.length > 0 ? 'idealised' : 'as-recorded') : stimulus;
  if (wanted === 'as-recorded') return data.currentPa;
  if (steps.length === 0)
    throw new AppError(
      'input-invalid',
      `No current steps were found in sweep ${sweep.sweep} to idealise to.`,
      {
        remedy: 'Use the stimulus as recorded, or choose another sweep.',
        details: { sweep: sweep.sweep },
      },
    );
  return idealise(data.voltageMv.length, data.rateHz, holdingPa ?? 0, steps);
}
