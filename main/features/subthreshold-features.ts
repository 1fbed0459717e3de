import { mean, standardDeviation } from '../numeric/statistics.ts';
import { fitExponential } from '../recording/exponential-fit.ts';
import { stepWindow, type FeatureDefinition, type FeatureInput, type FeatureSet } from './feature.ts';

/** The steady state is the last tenth of the step. */
export const steadyShare = 0.1;
/** Spread at rest is measured in the last tenth before the step, as the moments do. */
const REST_STD_FROM = 0.9;
/** A current this small (pA or µA/cm²) is none. */
const NO_CURRENT = 1e-9;
/** The charging is fitted from here on, for at most so long, within these time constants; below this R² it is no exponential. */
export const chargingFromMs = 0.5;
export const chargingForMs = 150;
const TAU_RANGE_MS = [0.5, 200] as const;
const SMALLEST_R2 = 0.85;
const SMALLEST_RESPONSE_MV = 0.5;

const definitions: readonly FeatureDefinition[] = [
  { name: 'restMean', unit: 'mV', description: 'Mean voltage before the step' },
  {
    name: 'restStd',
    unit: 'mV',
    description: 'Standard deviation of the voltage over the last tenth before the step',
  },
  { name: 'steadyVoltage', unit: 'mV', description: 'Mean voltage over the last tenth of the step' },
  {
    name: 'sag',
    unit: '',
    description: 'Hyperpolarising steps: (steady − lowest)/(rest − lowest) voltage; 0 without a sag',
  },
  {
    name: 'inputResistance',
    unit: 'kΩ·cm²',
    description: '(Steady − resting voltage)/current of the step',
    recorded: { unit: 'MΩ', factor: 1000 },
  },
  {
    name: 'timeConstant',
    unit: 'ms',
    description: 'Time constant of an exponential fitted to the voltage after the step’s onset',
  },
];

/**
 * Passive features. NaN: rest without samples before the step; sag for depolarising steps; resistance without current; the
 * time constant where an exponential fits poorly or the response is too small (under 0.5 mV), spiking traces included.
 */
export const subthresholdFeatures: FeatureSet = {
  name: 'subthreshold',
  definitions,
  compute(input, out, offset) {
    const { voltageMv: v } = input;
    const { restEnd, stepBegin, stepEnd } = stepWindow(input);
    const rest = mean(v.subarray(0, restEnd));
    const steadyFrom = stepEnd - Math.max(1, Math.round(steadyShare * (stepEnd - stepBegin)));
    const steady = stepEnd > stepBegin ? mean(v.subarray(steadyFrom, stepEnd)) : Number.NaN;
    const current = Math.abs(input.stepAmplitude) > NO_CURRENT ? input.stepAmplitude : Number.NaN;
    out[offset] = rest;
    out[offset + 1] = standardDeviation(v.subarray(Math.floor(REST_STD_FROM * restEnd), restEnd));
    out[offset + 2] = steady;
    out[offset + 3] = input.stepAmplitude < 0 ? sagOf(v, stepBegin, stepEnd, rest, steady) : Number.NaN;
    out[offset + 4] = (steady - rest) / current;
    out[offset + 5] = timeConstant(input, stepBegin, stepEnd);
  },
};

function sagOf(
  v: FeatureInput['voltageMv'],
  begin: number,
  end: number,
  rest: number,
  steady: number,
): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = begin; i < end; i++) if (v[i]! < lowest) lowest = v[i]!;
  return rest > lowest ? (steady - lowest) / (rest - lowest) : Number.NaN;
}

/** Fitted up to the extreme in the current's direction: behind it a sag would bend the curve. */
function timeConstant(input: FeatureInput, stepBegin: number, stepEnd: number): number {
  const { voltageMv: v, dtMs } = input;
  const sign = Math.sign(input.stepAmplitude);
  const begin = stepBegin + Math.round(chargingFromMs / dtMs);
  const limit = Math.min(stepEnd, stepBegin + Math.round(chargingForMs / dtMs));
  let extreme = begin;
  for (let i = begin; i < limit; i++) if (sign * v[i]! > sign * v[extreme]!) extreme = i;
  if (sign === 0 || extreme - begin < 3 || sign * (v[extreme]! - v[begin]!) < SMALLEST_RESPONSE_MV) {
    return Number.NaN;
  }
  const [shortest, longest] = TAU_RANGE_MS;
  const fit = fitExponential(v.subarray(begin, extreme + 1), dtMs, shortest, longest);
  const inside = fit.tauMs > 1.01 * shortest && fit.tauMs < 0.99 * longest;
  return fit.r2 >= SMALLEST_R2 && inside ? fit.tauMs : Number.NaN;
}
