/** A scalar that summarises a voltage trace. */
export interface FeatureDefinition {
  name: string;
  unit: string;
  description: string;
  /** Where the value depends on the current's unit: `unit` is for µA/cm², this is for pA, with the factor to multiply by. */
  recorded?: { unit: string; factor: number };
}

/**
 * A voltage trace and the current step in it. Sample i lies at i·dtMs. `stepAmplitude` is relative to the baseline, in
 * pA (recordings) or µA/cm² (simulations): features use its sign, and its size only where their unit says so.
 */
export interface FeatureInput {
  voltageMv: Float32Array | Float64Array;
  dtMs: number;
  stepStartMs: number;
  stepEndMs: number;
  stepAmplitude: number;
}

/** An ordered set of features, computed together. */
export interface FeatureSet {
  name: string;
  definitions: readonly FeatureDefinition[];
  /** Writes the values into out[offset …]; NaN = not defined for this trace. */
  compute(input: FeatureInput, out: Float64Array, offset: number): void;
}

/** The samples before and during the step, as half-open index ranges. */
export interface StepWindow {
  /** Samples 0 … restEnd−1 lie before the step. */
  restEnd: number;
  /** Samples stepBegin … stepEnd−1 lie strictly inside it. */
  stepBegin: number;
  stepEnd: number;
}

/** Times are compared with this fraction of a sample as tolerance, so that 10 / 0.01 is sample 1000 and not 999. */
const SAMPLE_TOLERANCE = 1e-6;

/**
 * Which samples lie before the step (t < start) and strictly inside it (start < t < end). The sample at the onset itself
 * belongs to neither: it still has the resting voltage but would be counted to the step.
 */
export function stepWindow(input: FeatureInput): StepWindow {
  const samples = input.voltageMv.length;
  const start = input.stepStartMs / input.dtMs;
  const end = input.stepEndMs / input.dtMs;
  return {
    restEnd: clamp(Math.ceil(start - SAMPLE_TOLERANCE), samples),
    stepBegin: clamp(Math.floor(start + SAMPLE_TOLERANCE) + 1, samples),
    stepEnd: clamp(Math.ceil(end - SAMPLE_TOLERANCE), samples),
  };
}

function clamp(index: number, samples: number): number {
  return Math.min(Math.max(index, 0), samples);
}
