import { AppError } from '../contract/errors.ts';
import type { FeatureSet } from './feature.ts';

/** Bins of equal length over a trace, from its beginning; a rest shorter than a bin, at its end, belongs to none. */
export interface TraceBins {
  stepMs: number;
  samples: number;
}

/** A recurrent layer takes its time for every sample, and its memory fades with their number. */
const mostSamples = 500;
/** Means over 1 ms keep a spike (its area) where it was; shorter bins say little more about a cell for the time they take. */
const usualStepMs = 1;
/** Boundaries of bins are compared with this fraction of a sample as tolerance, so that 30 · 0.1 is sample 3 of 0.1/0.1. */
const sampleTolerance = 1e-6;

/**
 * The bins of a trace of `durationMs` sampled every `intervalMs`.
 * @param stepMs null = 1 ms, or longer where there would be more than 500 bins
 * @throws AppError input-invalid where a bin would hold no sample, or the trace not two bins
 */
export function traceBins(durationMs: number, intervalMs: number, stepMs: number | null): TraceBins {
  const step = stepMs ?? Math.max(usualStepMs, intervalMs, durationMs / mostSamples);
  const samples = Math.floor(durationMs / step + sampleTolerance);
  if (step >= intervalMs * (1 - sampleTolerance) && samples >= 2) return { stepMs: step, samples };
  throw new AppError(
    'input-invalid',
    samples < 2
      ? `A trace of ${durationMs} ms has not two bins of ${step} ms.`
      : `Bins of ${step} ms are shorter than the sampling interval of ${intervalMs} ms.`,
    { remedy: 'Choose another features.traceStepMs, or leave it out.' },
  );
}

/**
 * Mean of the samples in each bin: v_j = mean of values[i] with j·step ≤ i·dt < (j + 1)·step. A mean over the bin, and not every
 * n-th sample: a spike between two picked samples would be lost. NaN where a bin lies beyond the values.
 */
export function binMeans(
  values: ArrayLike<number>,
  dtMs: number,
  { stepMs, samples }: TraceBins,
  out: Float64Array,
  offset: number,
): void {
  const perBin = stepMs / dtMs;
  let end = 0;
  for (let j = 0; j < samples; j++) {
    const begin = end;
    end = Math.ceil((j + 1) * perBin - sampleTolerance);
    let sum = 0;
    for (let i = begin; i < end; i++) sum += values[i]!;
    out[offset + j] = sum / (end - begin);
  }
}

/** The voltage itself, downsampled: what a network with an embedding reads. Silent and spiking traces alike have all of it. */
export function traceFeatures(bins: TraceBins): FeatureSet {
  const at = (bin: number) => Number((bin * bins.stepMs).toFixed(3));
  return {
    name: 'trace',
    definitions: Array.from({ length: bins.samples }, (_, j) => ({
      name: `v${j}`,
      unit: 'mV',
      description: `Mean voltage from ${at(j)} to ${at(j + 1)} ms`,
    })),
    compute: ({ voltageMv, dtMs }, out, offset) => binMeans(voltageMv, dtMs, bins, out, offset),
  };
}
