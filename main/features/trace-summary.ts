import { kurtosis, mean, skewness, standardDeviation } from '../numeric/statistics.ts';

/**
 * A trace in a few numbers, for checks that ask of one feature after the other whether simulations look like the observation:
 * of its samples alone, so that it needs no voltages to be spikes. The roughness is √(mean (vⱼ₊₁ − vⱼ)²): it tells many short spikes
 * from one long depolarisation of the same mean and sd. A constant trace has no skewness and no kurtosis (NaN).
 */
export const traceSummary: readonly { name: string; unit: string; of(trace: Float64Array): number }[] = [
  { name: 'traceMean', unit: 'mV', of: mean },
  { name: 'traceSd', unit: 'mV', of: standardDeviation },
  { name: 'traceSkew', unit: '', of: skewness },
  { name: 'traceKurt', unit: '', of: kurtosis },
  { name: 'traceMin', unit: 'mV', of: (trace) => trace.reduce((low, v) => Math.min(low, v), Infinity) },
  { name: 'traceMax', unit: 'mV', of: (trace) => trace.reduce((high, v) => Math.max(high, v), -Infinity) },
  { name: 'traceRoughness', unit: 'mV', of: roughness },
];

/** @param x [n, samples] row-major @returns [n, traceSummary.length] */
export function summariseTraces(x: Float64Array, samples: number): Float64Array {
  const width = traceSummary.length;
  const out = new Float64Array((x.length / samples) * width);
  for (let row = 0; row < out.length / width; row++) {
    const trace = x.subarray(row * samples, (row + 1) * samples);
    traceSummary.forEach(({ of }, f) => {
      out[row * width + f] = of(trace);
    });
  }
  return out;
}

function roughness(trace: Float64Array): number {
  let squares = 0;
  for (let j = 1; j < trace.length; j++) squares += (trace[j]! - trace[j - 1]!) ** 2;
  return Math.sqrt(squares / (trace.length - 1));
}
