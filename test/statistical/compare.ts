import { c2st } from '../../main/diagnostics/c2st.ts';
import { mean, standardDeviation } from '../../main/numeric/statistics.ts';
import type { StatisticalTask } from './tasks/task.ts';

/** Exact samples against those of a fit: how different they are, and in what way. */
export interface Comparison {
  c2st: number;
  /** Largest |difference of the means| of a parameter, in exact standard deviations, and which. */
  bias: { value: number; parameter: string };
  /** Ratio of the standard deviations, of the parameter that is farthest from 1. */
  width: { value: number; parameter: string };
  /** Share of every mode, exact and fitted; [] for a task with one. */
  modes: { exact: number; fitted: number }[];
}

/**
 * @param samples [n, D] row-major, of the fit
 * @param rows at most so many of both go into the C2ST
 */
export function compare(task: StatisticalTask, samples: Float64Array, rows: number): Comparison {
  const { reference, parameters } = task;
  const dimension = parameters.length;
  const first = (values: Float64Array) => values.subarray(0, rows * dimension);
  const moments = parameters.map((parameter, d) => {
    const column = (values: Float64Array) => values.filter((_, i) => i % dimension === d);
    const [exact, fitted] = [column(reference), column(samples)];
    const sd = standardDeviation(exact);
    return { parameter, bias: (mean(fitted) - mean(exact)) / sd, width: standardDeviation(fitted) / sd };
  });
  const worst = (size: (of: (typeof moments)[number]) => number) =>
    moments.reduce((a, b) => (size(b) > size(a) ? b : a));
  const biased = worst(({ bias }) => Math.abs(bias));
  const wide = worst(({ width }) => Math.abs(Math.log(width)));
  return {
    c2st: c2st(first(reference), first(samples), { dimension }),
    bias: { value: biased.bias, parameter: biased.parameter },
    width: { value: wide.width, parameter: wide.parameter },
    modes: modeShares(task, samples),
  };
}

function modeShares({ mode, reference, parameters }: StatisticalTask, samples: Float64Array) {
  if (!mode) return [];
  const shares = (values: Float64Array) => {
    const counts: number[] = [];
    const rows = values.length / parameters.length;
    for (let i = 0; i < values.length; i += parameters.length) {
      const k = mode(values.subarray(i, i + parameters.length));
      counts[k] = (counts[k] ?? 0) + 1 / rows;
    }
    return counts;
  };
  const fitted = shares(samples);
  return shares(reference).map((exact, k) => ({ exact, fitted: fitted[k] ?? 0 }));
}
