import type { CurrentStep, Membrane, SweepSummary } from '../contract/recording.ts';
import { mean, median, standardDeviation } from '../numeric/statistics.ts';
import { fitExponential } from './exponential-fit.ts';
import type { Recording } from './recording.ts';

/** A hyperpolarising step must last this long to show the membrane's charging. */
const SHORTEST_STEP_MS = 50;
/** Only the charging is fitted: later, sag and slow channels bend the curve. */
const LONGEST_FIT_MS = 150;
/** The electrode's own jump, at the onset, is not the membrane's. */
const SKIP_MS = 0.5;
const TAU_RANGE_MS = [1, 120] as const;
/** An adequate response: large enough to fit, and an exponential. */
const SMALLEST_DEFLECTION_MV = 1;
const DEFLECTION_SIGMAS = 3;
const SMALLEST_R2 = 0.85;
/** Steps within this factor of the smallest adequate one count as equal. */
const SAME_STEP = 1.15;
/** Stretch after a depolarising onset on which the slope is measured, and a spike's voltage before which it must lie. */
const ONSET_MS = [0.3, 2.3] as const;
const SPIKE_MV = -20;
/** 1 µF/cm² = 10⁶ pF/cm²: the specific capacitance of cell membranes. */
const PF_PER_CM2 = 1e6;
/** ms/GΩ = pF, and MΩ = mV/pA · 10³ */
const MOHM_PER_GOHM = 1e3;

interface Estimate {
  capacitancePf: number;
  resistanceMohm: number;
  tauMs: number;
  sweep: number;
  sizePa: number;
}

/**
 * The membrane capacitance C (pF), and the area it stands for at 1 µF/cm².
 *
 * `hyperpolarising-step`: V(t) = V∞ + (V₀−V∞)e^{−t/τ} is fitted to the charging after the onset of the smallest hyperpolarising
 * steps (of size ΔI) that give a clear response; R = (V∞−V₀)/ΔI, C = τ/R. R is taken from the exponential alone, so that the
 * electrode's uncompensated resistance, which makes V jump at once, does not enter. The median over sweeps is given.
 *
 * `onset-slope`, where there is no such step: just after a depolarising onset all current charges the membrane, C = ΔI/(dV/dt).
 *
 * Null where neither can be measured.
 */
export async function estimateMembrane(recording: Recording): Promise<Membrane | null> {
  const estimates: Estimate[] = [];
  for (const [sweep, step] of stepsOf(recording, (step) => step.relativePa < 0)) {
    const estimate = await chargingEstimate(recording, sweep, step);
    if (estimate) estimates.push(estimate);
  }
  const smallest = Math.min(...estimates.map(({ sizePa }) => sizePa));
  const chosen = estimates
    .filter(({ sizePa }) => sizePa <= SAME_STEP * smallest)
    .sort((a, b) => a.capacitancePf - b.capacitancePf);
  const middle = chosen[(chosen.length - 1) >> 1];
  if (middle) {
    return {
      ...withArea(middle.capacitancePf),
      method: 'hyperpolarising-step',
      sweep: middle.sweep,
      inputResistanceMohm: middle.resistanceMohm,
      timeConstantMs: middle.tauMs,
    };
  }
  return await onsetEstimate(recording);
}

/** The first step of that kind in each usable sweep, if it starts from the holding current. */
function stepsOf(
  recording: Recording,
  accept: (step: CurrentStep) => boolean,
): [SweepSummary, CurrentStep][] {
  return recording.summary.sweeps.flatMap((sweep) => {
    const { steps } = sweep.current;
    const index = steps.findIndex(accept);
    const step = steps[index];
    const fromRest = index === 0 || (step && steps[index - 1]!.endMs < step.startMs);
    return sweep.usable && step && fromRest ? [[sweep, step]] : [];
  });
}

async function chargingEstimate(
  recording: Recording,
  sweep: SweepSummary,
  step: CurrentStep,
): Promise<Estimate | null> {
  if (step.endMs - step.startMs < SHORTEST_STEP_MS) return null;
  const { baseline, noise, response, dtMs } = await aroundOnset(
    recording,
    sweep,
    step,
    SKIP_MS,
    Math.min(LONGEST_FIT_MS, step.endMs - step.startMs),
  );
  const charging = untilTrough(response);
  const fit = fitExponential(charging, dtMs, ...TAU_RANGE_MS);
  const deflection = baseline - mean(response.subarray(-Math.ceil(response.length / 5)));
  if (!(deflection >= Math.max(SMALLEST_DEFLECTION_MV, DEFLECTION_SIGMAS * noise))) return null;
  const [shortest, longest] = TAU_RANGE_MS;
  if (!(fit.r2 >= SMALLEST_R2) || fit.tauMs < 1.01 * shortest || fit.tauMs > 0.99 * longest) return null;
  // the fit begins SKIP_MS after the onset: its amplitude there has shrunk by e^{−skip/τ}
  const amplitude = (fit.end - fit.begin) * Math.exp(SKIP_MS / fit.tauMs);
  const resistanceMohm = (amplitude / step.relativePa) * MOHM_PER_GOHM;
  if (!(resistanceMohm > 0)) return null;
  return {
    capacitancePf: (fit.tauMs / resistanceMohm) * MOHM_PER_GOHM,
    resistanceMohm,
    tauMs: fit.tauMs,
    sweep: sweep.sweep,
    sizePa: -step.relativePa,
  };
}

async function onsetEstimate(recording: Recording): Promise<Membrane | null> {
  const found: { capacitancePf: number; sweep: number }[] = [];
  for (const [sweep, step] of stepsOf(recording, (step) => step.relativePa > 0)) {
    const [from, to] = ONSET_MS;
    const { response, noise, dtMs } = await aroundOnset(recording, sweep, step, from, to);
    if (response.length < 3 || response.some((v) => v > SPIKE_MV)) continue;
    const slope = regressionSlope(response, dtMs);
    if (slope * (to - from) > DEFLECTION_SIGMAS * noise) {
      found.push({ capacitancePf: step.relativePa / slope, sweep: sweep.sweep });
    }
  }
  found.sort((a, b) => a.capacitancePf - b.capacitancePf);
  const middle = found[(found.length - 1) >> 1];
  return middle
    ? {
        ...withArea(middle.capacitancePf),
        method: 'onset-slope',
        sweep: middle.sweep,
        inputResistanceMohm: null,
        timeConstantMs: null,
      }
    : null;
}

/** The voltage before a step's onset (median, noise) and from fromMs to toMs after it. */
async function aroundOnset(
  recording: Recording,
  sweep: SweepSummary,
  step: CurrentStep,
  fromMs: number,
  toMs: number,
): Promise<{ baseline: number; noise: number; response: Float32Array; dtMs: number }> {
  const perMs = sweep.rateHz / 1000;
  const onset = Math.round(step.startMs * perMs);
  const before = Math.min(onset, Math.round(50 * perMs));
  const { voltageMv } = await recording.readSweep(sweep.sweep, {
    start: onset - before,
    count: before + Math.round(toMs * perMs),
  });
  const rest = voltageMv.subarray(0, before);
  return {
    baseline: median(rest),
    noise: standardDeviation(rest),
    response: voltageMv.subarray(before + Math.round(fromMs * perMs)),
    dtMs: 1 / perMs,
  };
}

/** The response up to its smoothed minimum: behind it the sag begins. */
function untilTrough(response: Float32Array): Float32Array {
  const width = Math.max(1, response.length >> 5);
  let lowest = Number.POSITIVE_INFINITY;
  let trough = response.length;
  for (let i = 0; i + width <= response.length; i += width) {
    const here = mean(response.subarray(i, i + width));
    if (here < lowest) {
      lowest = here;
      trough = i + width;
    }
  }
  return response.subarray(0, trough);
}

function regressionSlope(values: Float32Array, dtMs: number): number {
  const centre = (values.length - 1) / 2;
  const m = mean(values);
  let covariance = 0;
  let variance = 0;
  for (let i = 0; i < values.length; i++) {
    covariance += (i - centre) * (values[i]! - m);
    variance += (i - centre) ** 2;
  }
  return covariance / variance / dtMs;
}

function withArea(capacitancePf: number): { capacitancePf: number; areaCm2: number } {
  return { capacitancePf, areaCm2: capacitancePf / PF_PER_CM2 };
}
