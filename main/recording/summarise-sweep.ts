import { AppError } from '../contract/errors.ts';
import type { SweepSummary } from '../contract/recording.ts';
import type { FileSweep, SampleReader } from './recording-file.ts';
import { sized } from './sized.ts';
import { analyseStimulus } from './stimulus.ts';
import {
  commonSamples,
  isLabelledCurrent,
  readSweepData,
  responseProblem,
  stimulusProblem,
  type SweepData,
} from './sweep-reader.ts';

/** What was noticed about a sweep besides whether it is usable; named as the warnings they become. */
export type Finding =
  'cut-at-nan' | 'implausible-voltage' | 'implausible-current' | 'lengths-differ' | 'no-stimulus';

export interface SweepReport {
  summary: SweepSummary;
  /** Samples that can be read: without the stretch of NaN at the end, and present in voltage and current. */
  available: number;
  findings: Finding[];
  /** How large its values are, for judging their units: the mean as read (mV, or pA of a response labelled as a current) and the largest current, artefacts left out. */
  levels: {
    response: number | null;
    peakPa: number | null;
    labelledCurrent: boolean;
    /** The factor to mV that the file's own gain suggests for a response labelled as a current. */
    tenfoldVm: number | null;
  };
  /** Set where the samples could not be decoded at all. */
  fault: AppError | null;
}

/** No membrane potential exceeds 0.2 V, and no intracellular electrode passes more than 20 nA. */
export const PLAUSIBLE_MV = 200;
export const PLAUSIBLE_PA = 20_000;
/** A larger share of implausible samples means wrong units; a smaller one an artefact. */
const ARTEFACT_SHARE = 0.01;
/** A stimulus may be shorter than its response by this share before they cannot belong together. */
const CUT_SHARE = 0.1;

/** Reads a sweep once and states what is in it. */
export function summariseSweep(file: SampleReader, sweep: FileSweep): SweepReport {
  const { response, mode, name } = sweep;
  const unreadable = responseProblem(sweep);
  const report = (change: Partial<SweepReport>, details: Partial<SweepSummary>): SweepReport => ({
    available: 0,
    findings: [],
    levels: { response: null, peakPa: null, labelledCurrent: false, tenfoldVm: null },
    fault: null,
    ...change,
    summary: {
      sweep: sweep.sweep,
      name,
      mode,
      ...(response.electrode === null ? {} : { electrode: response.electrode }),
      usable: false,
      reason: null,
      rateHz: Number.isFinite(response.rateHz) ? response.rateHz : 0,
      samples: sweep.count,
      durationMs: response.rateHz > 0 ? (sweep.count * 1000) / response.rateHz : 0,
      voltageMv: null,
      current: { kind: 'none', holdingPa: null, steps: [] },
      spikes: null,
      ...details,
    },
  });
  if (unreadable !== null) {
    const labelledCurrent = isLabelledCurrent(sweep);
    const mean = labelledCurrent ? meanOfStart(file, sweep) : null;
    return report(
      { levels: { response: mean, peakPa: null, labelledCurrent, tenfoldVm: response.tenfoldVm } },
      { reason: sentence(unreadable) },
    );
  }

  const common = commonSamples(sweep);
  let data: SweepData;
  try {
    data = readSweepData(file, sweep, common);
  } catch (thrown) {
    const fault = AppError.from(thrown);
    return report({ fault }, { reason: fault.message });
  }
  const available = withoutTrailingNan(data);
  const voltageMv = data.voltageMv.subarray(0, available);
  const currentPa = data.currentPa?.subarray(0, available) ?? null;
  const findings: Finding[] = [];
  if (common < sweep.count) findings.push('lengths-differ');
  if (available < common) findings.push('cut-at-nan');
  if (currentPa === null) findings.push('no-stimulus');
  if (outside(voltageMv, PLAUSIBLE_MV) > 0) findings.push('implausible-voltage');
  if (currentPa && outside(currentPa, PLAUSIBLE_PA) > 0) findings.push('implausible-current');
  const voltageRange = rangeOf(voltageMv);
  const levels = {
    response: voltageRange?.mean ?? null,
    peakPa: currentPa && peakOf(currentPa),
    labelledCurrent: false,
    tenfoldVm: null,
  };
  const reason =
    voltageReason(voltageMv) ??
    stimulusProblem(sweep) ??
    (common < (1 - CUT_SHARE) * sweep.count ? 'its stimulus is much shorter than its response' : null) ??
    currentReason(currentPa);
  const analysed =
    currentPa === null || mode === 'i-zero' || currentReason(currentPa) !== null
      ? null
      : analyseStimulus(currentPa, response.rateHz);
  return report(
    { available, findings, levels },
    {
      usable: reason === null,
      reason: reason === null ? null : sentence(reason),
      samples: available,
      durationMs: (available * 1000) / response.rateHz,
      voltageMv: voltageRange,
      current: analysed ?? { kind: 'none', holdingPa: mode === 'i-zero' ? 0 : null, steps: [] },
    },
  );
}

/** Samples that tell how large a response's values are. */
const LEVEL_SAMPLES = 100_000;

/** The mean of a response's first samples, whatever it is labelled as; null where they cannot be read. */
function meanOfStart(file: SampleReader, { response, start, count }: FileSweep): number | null {
  try {
    return rangeOf(file.samples(response, start, Math.min(count, LEVEL_SAMPLES)))?.mean ?? null;
  } catch {
    return null; // the sweep is refused for its label already
  }
}

/** Acquisition programs fill a sweep that was stopped early with NaN. */
function withoutTrailingNan({ voltageMv, currentPa }: SweepData): number {
  let n = voltageMv.length;
  while (n > 0 && (Number.isNaN(voltageMv[n - 1]) || Number.isNaN(currentPa?.[n - 1] ?? 0))) n--;
  return n;
}

function voltageReason(voltageMv: Float32Array): string | null {
  if (voltageMv.length < 2) return 'it has no samples';
  if (voltageMv.some(Number.isNaN)) return 'some of its voltage samples are not numbers';
  const { min, max } = rangeOf(voltageMv)!;
  if (min === max) return `its voltage is ${min} mV from beginning to end: nothing was recorded`;
  if (outside(voltageMv, PLAUSIBLE_MV) > ARTEFACT_SHARE) {
    return `its voltage reaches ${sized(Math.max(-min, max))} mV, so its unit must be wrong`;
  }
  return null;
}

function currentReason(currentPa: Float32Array | null): string | null {
  if (currentPa === null) return null;
  if (currentPa.some(Number.isNaN)) return 'some of its current samples are not numbers';
  if (outside(currentPa, PLAUSIBLE_PA) > ARTEFACT_SHARE) {
    return 'its current exceeds 20 nA, so its unit must be wrong';
  }
  return null;
}

function outside(values: Float32Array, limit: number): number {
  let count = 0;
  for (const value of values) if (Math.abs(value) > limit) count++;
  return count / values.length;
}

function peakOf(currentPa: Float32Array): number {
  const artefacts = outside(currentPa, PLAUSIBLE_PA) <= ARTEFACT_SHARE;
  let peak = 0;
  for (const value of currentPa) {
    const size = Math.abs(value);
    if (size > peak && !(artefacts && size > PLAUSIBLE_PA)) peak = size;
  }
  return peak;
}

function rangeOf(values: Float32Array): SweepSummary['voltageMv'] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let n = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    n++;
  }
  return n === 0 ? null : { min, max, mean: sum / n };
}

function sentence(reason: string): string {
  return `${reason[0]!.toUpperCase()}${reason.slice(1)}.`;
}
