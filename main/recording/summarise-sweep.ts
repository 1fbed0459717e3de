import { AppError } from '../contract/errors.ts';
import type { SweepSummary } from '../contract/recording.ts';
import type { Hdf5File } from './hdf5-file.ts';
import type { NwbSweep } from './nwb.ts';
import { analyseStimulus } from './stimulus.ts';
import {
  commonSamples,
  readSweepData,
  responseProblem,
  stimulusProblem,
  type SweepData,
} from './sweep-reader.ts';

/** What was noticed about a sweep besides whether it is usable; named as the warnings they become. */
export type Finding = 'cut-at-nan' | 'implausible-values' | 'lengths-differ' | 'no-stimulus';

export interface SweepReport {
  summary: SweepSummary;
  /** Samples that can be read: without the stretch of NaN at the end, and present in voltage and current. */
  available: number;
  findings: Finding[];
  /** Set where the samples could not be decoded at all. */
  fault: AppError | null;
}

/** No membrane potential exceeds 0.2 V, and no intracellular electrode passes more than 20 nA. */
const PLAUSIBLE_MV = 200;
const PLAUSIBLE_PA = 20_000;
/** A larger share of implausible samples means wrong units; a smaller one an artefact. */
const ARTEFACT_SHARE = 0.01;
/** A stimulus may be shorter than its response by this share before they cannot belong together. */
const CUT_SHARE = 0.1;

/** Reads a sweep once and states what is in it. */
export function summariseSweep(file: Hdf5File, sweep: NwbSweep): SweepReport {
  const { response, mode, name } = sweep;
  const unreadable = responseProblem(sweep);
  const report = (change: Partial<SweepReport>, details: Partial<SweepSummary>): SweepReport => ({
    available: 0,
    findings: [],
    fault: null,
    ...change,
    summary: {
      sweep: sweep.sweep,
      name,
      mode,
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
  if (unreadable !== null) return report({}, { reason: sentence(unreadable) });

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
  if (outside(voltageMv, PLAUSIBLE_MV) > 0 || (currentPa && outside(currentPa, PLAUSIBLE_PA) > 0)) {
    findings.push('implausible-values');
  }
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
    { available, findings },
    {
      usable: reason === null,
      reason: reason === null ? null : sentence(reason),
      samples: available,
      durationMs: (available * 1000) / response.rateHz,
      voltageMv: rangeOf(voltageMv),
      current: analysed ?? { kind: 'none', holdingPa: mode === 'i-zero' ? 0 : null, steps: [] },
    },
  );
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
    return `its voltage reaches ${Math.max(-min, max).toPrecision(3)} mV, so its unit must be wrong`;
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
