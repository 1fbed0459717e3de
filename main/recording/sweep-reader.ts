import { AppError } from '../contract/errors.ts';
import type { FileSweep, SampleReader } from './recording-file.ts';

/** A sweep's samples: voltage in mV, current in pA. */
export interface SweepData {
  rateHz: number;
  voltageMv: Float32Array;
  /** Null where the file holds no stimulus for the sweep. */
  currentPa: Float32Array | null;
}

/** A range of samples; without it the whole sweep is meant. */
export interface SampleRange {
  start: number;
  count: number;
}

/** Its series is of current clamp, whose response is a voltage, and yet its unit is a current's. */
export function isLabelledCurrent({ response, mode }: FileSweep): boolean {
  return mode !== 'voltage-clamp' && response.problem === null && response.quantity === 'current';
}

/** Samples of a sweep that are read at once, a quarter of an hour at 37 kHz: with the current they take half a gigabyte on the way. */
const MOST_SAMPLES = 2 ** 25;

/** Why a sweep's voltage cannot be read as a membrane potential in mV; null when it can. */
export function responseProblem({ response, mode, count }: FileSweep): string | null {
  if (count > MOST_SAMPLES) {
    const minutes = (count / response.rateHz / 60).toFixed(0);
    return `it is ${minutes} minutes long, which is too much for one sweep: save the stretch to be fitted as a recording of its own`;
  }
  if (mode === 'voltage-clamp') {
    return 'it was recorded in voltage clamp: its response is a current, and the models here predict a voltage';
  }
  if (response.problem !== null) return response.problem;
  if (response.quantity !== 'voltage') return 'its response is labelled as a current, not as a voltage';
  return null;
}

/** Why a sweep's stimulus cannot be used; null when it can. */
export function stimulusProblem({ response, stimulus, mode }: FileSweep): string | null {
  if (mode === 'i-zero') return null;
  if (stimulus === null) return 'the file holds no stimulus that belongs to it';
  const { series } = stimulus;
  if (series.problem !== null) return `its stimulus cannot be read: ${series.problem}`;
  if (series.quantity !== 'current') return 'its stimulus is labelled as a voltage, not as a current';
  if (Math.abs(series.rateHz / response.rateHz - 1) > 1e-6) {
    return `its stimulus is sampled at ${series.rateHz} Hz and its response at ${response.rateHz} Hz`;
  }
  return null;
}

/** How many samples voltage and current have in common. */
export function commonSamples(sweep: FileSweep): number {
  if (sweep.stimulus === null || stimulusProblem(sweep) !== null) return sweep.count;
  return Math.min(sweep.count, sweep.stimulus.series.samples - sweep.stimulus.start);
}

/** Reads samples of a sweep, counted from its start. The current of an I = 0 sweep is zero by definition. */
export function readSweepData(
  file: SampleReader,
  sweep: FileSweep,
  available: number,
  range: SampleRange = { start: 0, count: available },
): SweepData {
  const { start, count } = range;
  if (!(Number.isInteger(start) && Number.isInteger(count) && start >= 0 && count >= 0)) {
    throw new AppError('usage', `Samples ${start} + ${count} of a sweep were asked for.`, {
      remedy: 'Ask for whole, non-negative numbers of samples.',
    });
  }
  const problem = responseProblem(sweep);
  if (problem !== null) {
    throw new AppError(
      'recording-unusable',
      `Sweep ${sweep.sweep} of ${file.path} cannot be used: ${problem}.`,
      {
        remedy: 'Choose a current-clamp sweep.',
        details: { file: file.path, sweep: sweep.sweep },
      },
    );
  }
  const from = Math.min(start, available);
  const size = Math.min(count, available - from);
  return {
    rateHz: sweep.response.rateHz,
    voltageMv: file.samples(sweep.response, sweep.start + from, size),
    currentPa: readCurrent(file, sweep, from, size),
  };
}

function readCurrent(file: SampleReader, sweep: FileSweep, from: number, size: number): Float32Array | null {
  if (sweep.mode === 'i-zero') return new Float32Array(size);
  if (sweep.stimulus === null || stimulusProblem(sweep) !== null) return null;
  return file.samples(sweep.stimulus.series, sweep.stimulus.start + from, size);
}
