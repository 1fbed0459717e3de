import type { File, Group } from 'h5wasm/node';
import { summarySchema } from '../contract/run.ts';
import { TruncatedDensity } from '../density/truncated.ts';
import { coordinatesOf } from '../inference/problem.ts';
import { densityFromJson } from '../train/density-json.ts';
import { hdf5Bytes, makeGroup, writeDataset } from './hdf5-writer.ts';
import { provenanceOf } from './provenance.ts';
import type { RunRecord } from './run-record.ts';

interface Variable {
  name: string;
  unit: string;
  about: string;
}

/**
 * A run as ArviZ's InferenceData in netCDF 4 (an HDF5 file with dimension scales): the groups posterior, sample_stats (lp, the
 * log density of each draw), posterior_predictive, prior and prior_predictive (the pilot run), observed_data. One chain: draws are
 * independent. Source: arviz-devs, InferenceData schema specification; Unidata, netCDF-4 format.
 */
export async function netcdf(run: RunRecord, createdAt: Date): Promise<Uint8Array<ArrayBuffer>> {
  const { prepared, result, pilot } = run;
  const parameters = prepared.parameters.map(variable);
  const features = prepared.features.map(variable);
  const [D, F] = [parameters.length, features.length];
  return hdf5Bytes((file) => {
    file.create_attribute('Conventions', 'CF-1.11');
    describe(file, run, createdAt);
    writeDraws(file, 'posterior', parameters, result.samples, createdAt);
    const lp = logDensities(run);
    if (lp !== null) {
      const about = 'log posterior density of each draw, per unit of the parameters';
      writeDraws(file, 'sample_stats', [{ name: 'lp', unit: '', about }], lp, createdAt);
    }
    const predictive = withoutBad(result.predictiveX, result.predictiveBad, F);
    if (predictive.length > 0) writeDraws(file, 'posterior_predictive', features, predictive, createdAt);
    if (pilot !== null) {
      writeDraws(file, 'prior', parameters, pilot.theta.subarray(0, pilot.bad.length * D), createdAt);
      writeDraws(file, 'prior_predictive', features, withoutBad(pilot.x, pilot.bad, F), createdAt);
    }
    const observed = makeGroup(file, 'observed_data');
    stamp(observed, createdAt);
    prepared.features.forEach(({ observed: value }, f) => {
      const dataset = observed.create_dataset({ name: features[f]!.name, data: value ?? NaN, dtype: '<d' });
      describeVariable(dataset, features[f]!);
    });
  });
}

/** Names of its groups and variables, for whoever looks before saving. */
export function netcdfOutline({ prepared, result, pilot }: RunRecord): string {
  const parameters = prepared.parameters.map(({ name }) => name).join(', ');
  const features = prepared.features.map(({ name }) => name).join(', ');
  const draws = (values: number, columns: number) => `1 chain, ${columns === 0 ? 0 : values / columns} draws`;
  const D = prepared.parameters.length;
  return [
    `posterior  (${draws(result.samples.length, D)})  ${parameters}`,
    ...(result.summary.search === null ? ['sample_stats  lp, the log density of each draw'] : []),
    ...(result.predictiveBad.length === 0
      ? []
      : [`posterior_predictive  (${draws(result.predictiveBad.length, 1)})  ${features}`]),
    ...(pilot === null
      ? []
      : [
          `prior  (${draws(pilot.bad.length, 1)})  ${parameters}`,
          `prior_predictive  (${draws(pilot.bad.length, 1)})  ${features}`,
        ]),
    `observed_data  ${features}`,
    'attributes  file hash, sweeps, model, prior, seed, versions, configuration and summary',
  ].join('\n');
}

/** In a path “/” leads to another group, and two names are those of the dimensions. */
function variable({
  name,
  unit,
  description,
}: {
  name: string;
  unit: string;
  description?: string | undefined;
}): Variable {
  const own = name.replaceAll('/', '_');
  return { name: ['chain', 'draw'].includes(own) ? `${own}_` : own, unit, about: description ?? '' };
}

/** ln q(θ | x_o) of every sample, truncated to the prior; null for a search, which has no density. */
function logDensities({ prepared, result, rounds }: RunRecord): Float64Array | null {
  const last = rounds.at(-1);
  if (last === undefined || result.summary.search !== null) return null;
  const coordinates = coordinatesOf(prepared);
  const density = new TruncatedDensity(densityFromJson(JSON.parse(last.posterior)), coordinates.prior);
  const working = coordinates.toWorking(result.samples);
  return density
    .logDensities(working)
    .map((logQ, i) => logQ + coordinates.logJacobian(working, i * coordinates.dimension));
}

/** A bad simulation keeps its place, without values. */
function withoutBad(x: Float64Array, bad: Uint8Array, columns: number): Float64Array {
  return x.map((value, i) => (bad[Math.floor(i / columns)] === 0 ? value : NaN));
}

/** [n, variables] row-major → a variable (chain, draw) each, with their dimension scales. */
function writeDraws(
  file: File,
  path: string,
  variables: readonly Variable[],
  values: Float64Array,
  createdAt: Date,
): void {
  const group = makeGroup(file, path);
  stamp(group, createdAt);
  const columns = variables.length;
  const n = columns === 0 ? 0 : values.length / columns;
  for (const [name, length] of [
    ['chain', 1],
    ['draw', n],
  ] as const) {
    const numbers = BigInt64Array.from({ length }, (_, i) => BigInt(i));
    writeDataset(group, name, numbers).make_scale(name);
  }
  variables.forEach((one, column) => {
    const own = Float64Array.from({ length: n }, (_, row) => values[row * columns + column]!);
    const dataset = writeDataset(group, one.name, own, [1, n]);
    dataset.attach_scale(0, `/${path}/chain`);
    dataset.attach_scale(1, `/${path}/draw`);
    describeVariable(dataset, one);
  });
}

function describeVariable(
  dataset: { create_attribute: (name: string, text: string) => void },
  { unit, about }: Variable,
): void {
  if (unit !== '') dataset.create_attribute('units', unit);
  if (about !== '') dataset.create_attribute('long_name', about);
}

function stamp(group: Group, createdAt: Date): void {
  group.create_attribute('created_at', createdAt.toISOString());
}

/** ArviZ asks for these names; the rest is the run's own. */
function describe(file: File, run: RunRecord, createdAt: Date): void {
  const provenance = provenanceOf(run);
  stamp(file, createdAt);
  file.create_attribute('creation_library', 'Chronaxie');
  file.create_attribute('creation_library_version', provenance.version);
  file.create_attribute('creation_library_language', 'TypeScript');
  file.create_attribute('inference_library', 'Chronaxie');
  file.create_attribute('inference_library_version', provenance.version);
  file.create_attribute('sampling_time', run.result.summary.seconds);
  file.create_attribute('provenance', JSON.stringify(provenance));
  file.create_attribute('summary', JSON.stringify(summarySchema.parse(run.result.summary)));
}
