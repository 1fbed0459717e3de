import type { Group } from 'h5wasm/node';
import type { PriorSpec } from '../contract/prior.ts';
import { summarySchema } from '../contract/run.ts';
import { markType, type Column, type TableNamespace, writeTable } from './nwb-table.ts';
import { provenanceOf } from './provenance.ts';
import type { RunRecord } from './run-record.ts';

/** A recording's features get a column each; the samples of a trace, which are thousands, one matrix. */
const mostFeatureColumns = 256;

/** Of the processing module of a run. */
export const moduleName = (id: string) => `chronaxie_${id}`;

/**
 * A run as a processing module of an NWB file: posterior_samples, parameters, features (with the observed ones),
 * predictive_features, rounds and provenance, each a table.
 */
export function writeModule(processing: Group, run: RunRecord, namespace: TableNamespace): void {
  const { summary } = run.result;
  const module = processing.create_group(moduleName(run.id));
  markType(module, 'core', 'ProcessingModule');
  const of = summary.search === null ? 'Posterior' : 'Best parameters';
  module.create_attribute(
    'description',
    `${of} of the model ${run.prepared.model}, fitted by Chronaxie ${summary.version} (${summary.algorithm}, run ${run.id}).`,
  );
  for (const table of tablesOf(run)) writeTable(module, table, namespace);
}

/** What a reader finds in the module, a line each. */
export function moduleOutline(run: RunRecord): string {
  const lines = tablesOf(run).map(({ name, description, columns }) => {
    const [first] = columns;
    const rows = first === undefined ? 0 : first.values.length / (first.width ?? 1);
    return `  ${name}  [${rows === 1 ? '1 row' : `${rows} rows`}]  ${description}`;
  });
  return [`processing/${moduleName(run.id)}`, ...lines].join('\n');
}

/** A table without rows says nothing, and NWB advises against it: of an unfinished run there are no predictions. */
const tablesOf = (run: RunRecord) =>
  allTables(run).filter(({ columns }) => columns.some(({ values }) => values.length > 0));

function allTables(run: RunRecord): { name: string; description: string; columns: Column[] }[] {
  const { prepared, result, rounds } = run;
  const { summary } = result;
  const { parameters, features } = prepared;
  const inUnit = (text: string, unit: string) => (unit === '' ? text : `${text}, ${unit}`);
  const samplesAre =
    summary.search === null ? 'Samples of the posterior' : 'The hall of fame of a search, the best first';
  const fitted = (pick: 'median' | 'q05' | 'q95' | 'map', description: string): Column => ({
    ...{ name: pick, description },
    values: Float64Array.from(
      parameters,
      ({ name }) => summary.parameters.find((p) => p.name === name)?.[pick] ?? NaN,
    ),
  });
  const texts = (name: string, description: string, values: string[]): Column => ({
    name,
    description,
    values,
  });
  const { diagnostics, warnings } = summarySchema.parse(summary);
  const told = leaves({ ...provenanceOf(run), diagnostics, warnings });
  const predictive = result.predictiveX.map((value, i) =>
    result.predictiveBad[Math.floor(i / features.length)] === 0 ? value : NaN,
  );
  return [
    {
      name: 'posterior_samples',
      description: `${samplesAre}, one a row; independent and equally weighted.`,
      columns: parameters.map(({ name, unit }, i) => ({
        ...{ name, description: inUnit(`Parameter ${name}`, unit) },
        values: columnOf(result.samples, parameters.length, i),
      })),
    },
    {
      name: 'parameters',
      description: 'The free parameters: prior, and quantiles of the samples.',
      columns: [
        texts(
          'parameter',
          'Name, as in the columns of posterior_samples',
          parameters.map(({ name }) => name),
        ),
        texts(
          'unit',
          'Unit of the values in this row',
          parameters.map(({ unit }) => unit),
        ),
        texts(
          'prior',
          'Kind of the prior; “joint normal” is correlated, its covariance is told in provenance',
          parameters.map(({ prior }) => (prepared.jointPrior ? 'joint normal' : Object.keys(prior)[0]!)),
        ),
        ...[0, 1].map((i) => ({
          name: `prior_${i + 1}`,
          description: [
            'Lower bound, or mean (of the logarithm for logNormal)',
            'Upper bound, or standard deviation',
          ][i]!,
          values: Float64Array.from(parameters, ({ prior }, row) => priorNumbers(run, prior, row)[i]!),
        })),
        fitted('median', 'Median of the samples'),
        fitted('q05', '5 % quantile of the samples'),
        fitted('q95', '95 % quantile of the samples'),
        fitted('map', 'Value at the highest posterior density of all parameters together'),
      ],
    },
    {
      name: 'features',
      description: 'What the fit was made of: features of the recording.',
      columns: [
        texts(
          'feature',
          'Name, as in the columns of predictive_features',
          features.map(({ name }) => name),
        ),
        texts(
          'unit',
          'Unit of the values in this row',
          features.map(({ unit }) => unit),
        ),
        texts(
          'definition',
          'What is measured',
          features.map(({ description }) => description),
        ),
        {
          ...{ name: 'observed', description: 'Value in the recording; NaN = missing' },
          values: Float64Array.from(features, ({ observed }) => observed ?? NaN),
        },
      ],
    },
    {
      name: 'predictive_features',
      description:
        'Features of simulations at the first posterior samples, one a row; NaN = missing, a row of NaN = bad.',
      columns:
        features.length > mostFeatureColumns
          ? [
              {
                ...{ name: 'values', values: predictive, width: features.length },
                description: 'Features in the order of the table features',
              },
            ]
          : features.map(({ name, unit, description }, i) => ({
              ...{ name, description: inUnit(description === '' ? name : description, unit) },
              values: columnOf(predictive, features.length, i),
            })),
    },
    {
      name: 'rounds',
      description: 'The rounds of the inference.',
      columns: [
        {
          name: 'round',
          description: 'Number, from 1',
          values: Int32Array.from(rounds, ({ round }) => round),
        },
        {
          ...{ name: 'simulations', description: 'Simulations of this round' },
          values: Int32Array.from(rounds, ({ report }) => report.simulations),
        },
        {
          ...{ name: 'bad', description: 'Of these, simulations that were set aside' },
          values: Int32Array.from(rounds, ({ report }) => report.bad),
        },
        {
          ...{ name: 'ess', description: 'Effective sample size of the importance weights' },
          values: Float64Array.from(rounds, ({ report }) => report.ess),
        },
      ],
    },
    {
      name: 'provenance',
      description: 'Where the numbers come from.',
      columns: [
        texts(
          'key',
          'What is told, as a path',
          told.map(([key]) => key),
        ),
        texts(
          'value',
          'Its value as text',
          told.map(([, value]) => value),
        ),
      ],
    },
  ];
}

/** [bounds] or [mean, sd] of a parameter's own prior. */
function priorNumbers({ prepared: { jointPrior } }: RunRecord, prior: PriorSpec, row: number): number[] {
  if (jointPrior === null) return Object.values(prior)[0] as [number, number];
  const { mean, covariance } = jointPrior.normal;
  return [mean[row]!, Math.sqrt(covariance[row]![row]!)];
}

/** A record's leaves as [path, text]: readers of NWB find rows where JSON would be hidden in a text. */
function leaves(value: unknown, path = ''): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

function columnOf(values: Float64Array, columns: number, column: number): Float64Array {
  return Float64Array.from({ length: values.length / columns }, (_, row) => values[row * columns + column]!);
}
