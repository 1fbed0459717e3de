import type { MisspecificationInput } from '../diagnostics/misspecification.ts';
import { summariseTraces, traceSummary } from '../features/trace-summary.ts';
import type { PilotRecord, PreparedRecord } from './fit-store.ts';
import type { Problem } from './problem.ts';
import { readsTrace } from './trace-reading.ts';

/** What is told of a fit's features one by one, and compared between observation and simulations. */
export interface Comparison {
  features: { name: string; unit: string; observed: number | null }[];
  /** [features.length], NaN = missing */
  observed: Float64Array;
  /** From simulated x [n, F] to what is compared, [n, features.length]. */
  of(x: Float64Array): Float64Array;
}

/** The features; of a trace a few numbers that describe it, as hundreds of neighbouring samples say the same again and again. */
export function comparison({ config, features }: Pick<PreparedRecord, 'config' | 'features'>): Comparison {
  const values = Float64Array.from(features, (feature) => feature.observed ?? NaN);
  if (!readsTrace(config)) {
    const told = features.map(({ name, unit, observed }) => ({ name, unit, observed }));
    return { features: told, observed: values, of: (x) => x };
  }
  const of = (x: Float64Array) => summariseTraces(x, features.length);
  const observed = of(values);
  const told = traceSummary.map(({ name, unit }, f) => ({
    name,
    unit: config.features.set === 'trace' ? unit : '',
    observed: Number.isNaN(observed[f]) ? null : observed[f]!,
  }));
  return { features: told, observed, of };
}

/** The observation among the pilot run's simulations, as misspecification() takes them. */
export function pilotFeatures(
  { prepared }: Pick<Problem, 'prepared'>,
  { x, bad }: Pick<PilotRecord, 'x' | 'bad'>,
): MisspecificationInput {
  const { features, observed, of } = comparison(prepared);
  return { names: features.map(({ name }) => name), observed, x: of(x), bad };
}
