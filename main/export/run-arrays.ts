import { summarySchema } from '../contract/run.ts';
import type { NamedArray } from './named-array.ts';
import { provenanceOf } from './provenance.ts';
import type { RunRecord } from './run-record.ts';

type FittedNumber = 'median' | 'q05' | 'q95' | 'map';

/**
 * A run as arrays for Python and MATLAB: samples of the posterior, every round's simulations, predictive simulations, the
 * observation, and as JSON where all of it comes from. `docs/exports.md` says for users what each one holds.
 */
export function runArrays(run: RunRecord): NamedArray[] {
  const { prepared, result, rounds } = run;
  const { parameters, features } = prepared;
  const [D, F] = [parameters.length, features.length];
  const matrix = (name: string, about: string, values: Float64Array, columns: number): NamedArray => ({
    ...{ name, about, values },
    shape: [columns === 0 ? 0 : values.length / columns, columns],
  });
  const texts = (name: string, about: string, values: string[]): NamedArray => ({
    ...{ name, about, values },
    shape: [values.length],
  });
  const text = (name: string, about: string, value: unknown): NamedArray => ({
    ...{ name, about },
    shape: [],
    values: JSON.stringify(value),
  });
  const fitted = (name: FittedNumber, about: string): NamedArray => ({
    ...{ name, about },
    shape: [result.summary.parameters.length],
    values: Float64Array.from(result.summary.parameters, (parameter) => parameter[name]),
  });
  return [
    texts(
      'parameter_names',
      'free parameters, in the order of the columns of theta',
      parameters.map(({ name }) => name),
    ),
    texts(
      'parameter_units',
      'their units',
      parameters.map(({ unit }) => unit),
    ),
    texts(
      'feature_names',
      'features, in the order of the columns of x',
      features.map(({ name }) => name),
    ),
    texts(
      'feature_units',
      'their units',
      features.map(({ unit }) => unit),
    ),
    {
      name: 'observed',
      about: 'features of the recording, NaN = missing',
      shape: [F],
      values: Float64Array.from(features, ({ observed }) => observed ?? NaN),
    },
    matrix('samples', samplesAbout(run), result.samples, D),
    fitted('map', 'the parameters at the highest posterior density'),
    fitted('median', 'medians of the samples'),
    fitted('q05', '5 % quantiles of the samples'),
    fitted('q95', '95 % quantiles of the samples'),
    matrix('predictive_theta', 'the samples that were simulated', result.predictiveTheta, D),
    matrix('predictive_x', 'features of these simulations, NaN = missing', result.predictiveX, F),
    flags('predictive_bad', 'of these simulations, 1 = diverged or refused', result.predictiveBad),
    matrix('theta', 'parameters of every simulation', joined(rounds.map((round) => round.theta)), D),
    matrix('x', 'features of every simulation, NaN = missing', joined(rounds.map((round) => round.x)), F),
    {
      name: 'weights',
      about: 'importance weights of every simulation in its round, 0 = bad',
      shape: [rounds.reduce((sum, { weights }) => sum + weights.length, 0)],
      values: joined(rounds.map((round) => round.weights)),
    },
    flags(
      'bad',
      'of every simulation, 1 = diverged or refused',
      Uint8Array.from(rounds.flatMap(({ bad }) => [...bad])),
    ),
    {
      name: 'round',
      about: 'the round of every simulation, from 1',
      shape: [rounds.reduce((sum, { bad }) => sum + bad.length, 0)],
      values: Int32Array.from(rounds.flatMap(({ round, bad }) => new Array<number>(bad.length).fill(round))),
    },
    text('provenance', 'file hash, sweeps, model, prior, seed, versions and configuration, as JSON', {
      ...provenanceOf(run),
    }),
    text('summary', 'summary.json', summarySchema.parse(result.summary)),
  ];
}

function samplesAbout({ result }: RunRecord): string {
  return result.summary.search === null ? 'samples of the posterior' : 'the hall of fame, the best first';
}

/** 0 or 1: which of the reasons it was is told in summary. */
function flags(name: string, about: string, bad: Uint8Array): NamedArray {
  return { name, about, shape: [bad.length], values: bad.map((reason) => (reason === 0 ? 0 : 1)) };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
