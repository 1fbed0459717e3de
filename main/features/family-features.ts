import type { FamilyFeature } from '../contract/recording.ts';
import { mean, median } from '../numeric/statistics.ts';
import type { FeatureDefinition } from './feature.ts';
import { definitionText, exactDefinition } from './definitions.ts';

/** What the features of a family of steps are made from: a sweep’s current (pA, relative to holding) and its own features. */
export interface StepResponse {
  sweep: number;
  stepPa: number;
  stepMs: number;
  /** NaN = missing. */
  feature(name: string): number;
}

interface Found {
  value: number;
  /** The sweeps that it was measured in. */
  from: readonly StepResponse[];
}
type Measure = (main: readonly StepResponse[], hyperpolarising: readonly StepResponse[]) => Found;

/** Steps whose duration differs by less than this share belong to one family. */
const SAME_DURATION = 0.05;
/** Currents within this share of the largest count as equal to it: measured ones have noise. */
const NEARLY_AS_MUCH = 0.95;
const nothing: Found = { value: Number.NaN, from: [] };

const spikes = (response: StepResponse): boolean => response.feature('spikeCount') > 0;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const byCurrent = (a: StepResponse, b: StepResponse): number => a.stepPa - b.stepPa || a.sweep - b.sweep;

const family: readonly (FeatureDefinition & { of: Measure })[] = [
  {
    name: 'rheobase',
    unit: 'pA',
    description: 'The smallest depolarising step that makes the cell spike',
    of: (responses) => {
      const first = responses.filter((r) => r.stepPa > 0 && spikes(r)).sort(byCurrent)[0];
      return first === undefined ? nothing : { value: first.stepPa, from: [first] };
    },
  },
  {
    name: 'fiSlope',
    unit: 'Hz/pA',
    description: 'Slope of the firing rate over the step’s current',
    of: (responses) =>
      line(
        responses.filter((r) => r.stepPa > 0 && spikes(r) && r.feature('depolarisationBlock') === 0),
        (r) => r.feature('meanRate'),
      ),
  },
  {
    name: 'ivResistance',
    unit: 'MΩ',
    description: 'Slope of the voltage’s response over hyperpolarising currents',
    of: (_, hyperpolarising) => {
      const from = hyperpolarising.filter((r) => !spikes(r));
      const response = (r: StepResponse) => r.feature('steadyVoltage') - r.feature('restMean');
      const value = sum(from.map((r) => response(r) * r.stepPa)) / sum(from.map((r) => r.stepPa ** 2));
      return { value: 1000 * value, from }; // mV/pA = GΩ
    },
  },
  {
    name: 'stepTimeConstant',
    unit: 'ms',
    description: 'Median membrane time constant of the hyperpolarising steps',
    of: (_, hyperpolarising) => {
      const from = hyperpolarising.filter((r) => !Number.isNaN(r.feature('timeConstant')));
      return { value: median(from.map((r) => r.feature('timeConstant'))), from };
    },
  },
  {
    name: 'deepestSag',
    unit: '',
    description: 'Median sag in the most hyperpolarising steps',
    of: (_, hyperpolarising) => {
      const most = Math.min(...hyperpolarising.map(({ stepPa }) => stepPa));
      const from = hyperpolarising.filter(({ stepPa }) => stepPa <= NEARLY_AS_MUCH * most);
      return { value: median(from.map((r) => r.feature('sag'))), from };
    },
  },
];

/** Features of a family of steps, each from several sweeps of one cell. */
export const familyDefinitions: readonly FeatureDefinition[] = family.map(({ name, unit, description }) => ({
  name,
  unit,
  description,
}));

/** The largest set of responses whose steps last about as long as one of them; the longer steps where two are as large. */
export function stepFamily(responses: readonly StepResponse[]): StepResponse[] {
  const families = responses.map(({ stepMs }) =>
    responses.filter((other) => Math.abs(other.stepMs - stepMs) <= SAME_DURATION * stepMs),
  );
  const longest = (members: StepResponse[]) => Math.max(0, ...members.map(({ stepMs }) => stepMs));
  families.sort((a, b) => b.length - a.length || longest(b) - longest(a));
  return families[0] ?? [];
}

/**
 * Measures a family of steps; what needs steps that it lacks has the value null and the reason.
 * @param main the responses to the sweeps' main steps
 * @param hyperpolarising those to their hyperpolarising steps, which may be others: a test pulse before the main one
 */
export function familyFeatures(
  main: readonly StepResponse[],
  hyperpolarising: readonly StepResponse[],
): FamilyFeature[] {
  return family.map(({ name, unit, description, of }) => {
    const { value, from } = of(main, hyperpolarising);
    const missing = Number.isNaN(value);
    return {
      name,
      unit,
      description,
      definition: definitionText(name),
      value: missing ? null : value,
      missingBecause: missing ? `${exactDefinition(name).missing}.` : null,
      sweeps: missing ? [] : from.map(({ sweep }) => sweep).sort((a, b) => a - b),
    };
  });
}

/** Least-squares slope over the current; NaN without two currents. */
function line(from: readonly StepResponse[], y: (response: StepResponse) => number): Found {
  const x = from.map(({ stepPa }) => stepPa);
  if (new Set(x).size < 2) return nothing;
  const values = from.map(y);
  const [mx, my] = [mean(x), mean(values)];
  const xy = mean(x.map((one, i) => (one - mx) * (values[i]! - my)));
  return { value: xy / mean(x.map((one) => (one - mx) ** 2)), from };
}
