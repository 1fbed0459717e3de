import { provenanceSchema } from '../contract/provenance.ts';
import type { Summary } from '../contract/run.ts';
import { summarySchema } from '../contract/run.ts';
import type { PreparedRecord, ResultRecord } from '../inference/fit-store.ts';
import { csvTable, matrixRows } from './csv.ts';
import { provenanceOf } from './provenance.ts';
import type { RunRecord } from './run-record.ts';

/** A file to be written or handed over; `docs/files.md` says for users what each one holds. */
export interface ExportedFile {
  name: string;
  mime: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** Of a file that is no text: what stands in it, line by line. */
  outline?: string;
}

/** [n, D] posterior samples under the parameters' names; of a search its hall of fame. */
export function posteriorSamplesFile(prepared: PreparedRecord, result: ResultRecord): ExportedFile {
  const names = prepared.parameters.map((parameter) => parameter.name);
  return csvFile('posterior-samples.csv', csvTable(names, matrixRows(result.samples, names.length)));
}

/**
 * The hall of fame of a search, the best first: parameters, the objective |s − s_o|/σ_pilot of every feature as
 * `objective_NAME`, and their sum. None for an inference.
 */
export function hallOfFameFiles(
  prepared: PreparedRecord,
  { summary, samples }: ResultRecord,
): ExportedFile[] {
  const { search } = summary;
  if (search === null) return [];
  const names = prepared.parameters.map((parameter) => parameter.name);
  const header = [...names, ...search.objectives.map((name) => `objective_${name}`), 'sum'];
  const rows = Array.from(matrixRows(samples, names.length), (theta, i) => {
    const { objectives, sum } = search.hallOfFame[i]!;
    return [...theta, ...objectives, sum];
  });
  return [csvFile('hall-of-fame.csv', csvTable(header, rows))];
}

/** [m, F] features of simulations at posterior draws; a bad simulation keeps its row, with every cell empty. */
export function predictiveFile(prepared: PreparedRecord, result: ResultRecord): ExportedFile {
  const names = prepared.features.map((feature) => feature.name);
  const rows = matrixRows(result.predictiveX, names.length, (row) => result.predictiveBad[row] !== 0);
  return csvFile('predictive.csv', csvTable(names, rows));
}

/** Checked against the contract, which also keeps NaN from becoming null. */
export function summaryFile(result: ResultRecord): ExportedFile {
  return jsonFile('summary.json', summarySchema.parse(result.summary));
}

/** One row a free parameter: name, unit, prior as JSON, quantiles of the samples and MAP. */
export function parametersFile({ prepared, result }: RunRecord): ExportedFile {
  const rows = prepared.parameters.map(({ name, unit, prior }) => {
    const fitted = result.summary.parameters.find((parameter) => parameter.name === name);
    const { median = null, q05 = null, q95 = null, map = null } = fitted ?? {};
    return [name, unit, JSON.stringify(prepared.jointPrior ?? prior), median, q05, q95, map];
  });
  return csvFile('parameters.csv', csvTable(['name', 'unit', 'prior', 'median', 'q05', 'q95', 'map'], rows));
}

/** One row a feature: name, unit, what it is, and its value in the recording; empty = missing. */
export function featuresFile({ prepared }: RunRecord): ExportedFile {
  const rows = prepared.features.map(({ name, unit, description, observed }) => [
    ...[name, unit, description, observed],
  ]);
  return csvFile('features.csv', csvTable(['name', 'unit', 'description', 'observed'], rows));
}

export const provenanceFile = (run: RunRecord) =>
  jsonFile('provenance.json', provenanceSchema.parse(provenanceOf(run)));

/** The complete configuration: `--config config.json` gives the same run. */
export function configFile(prepared: PreparedRecord): ExportedFile {
  return jsonFile('config.json', prepared.config);
}

/** One row a recording, with empty cells for what one of them does not have: the parameters of all, and why a fit failed. */
export function summaryTableFile(
  cells: readonly ({ recording: string } & (
    { summary: Summary } | { status: 'cancelled' | 'failed'; error: string }
  ))[],
): ExportedFile {
  const summaries = cells.flatMap((cell) => ('summary' in cell ? [cell.summary] : []));
  const names = [...new Set(summaries.flatMap((summary) => summary.parameters.map(({ name }) => name)))];
  const figures = ['median', 'q05', 'q95', 'map'] as const;
  const columns = names.flatMap((name) => figures.map((figure) => `${name}_${figure}`));
  const header = ['id', 'file', 'status', 'sweep', ...columns, 'verdict', 'seconds', 'networkOf', 'error'];
  const rows = cells.map((cell) => {
    if ('error' in cell)
      return [
        null,
        cell.recording,
        cell.status,
        null,
        ...columns.map(() => null),
        null,
        null,
        null,
        cell.error,
      ];
    const { summary } = cell;
    const byName = new Map(summary.parameters.map((parameter) => [parameter.name, parameter]));
    return [
      ...[summary.id, summary.recording?.file ?? null, 'fitted', summary.recording?.sweeps.join(' ') ?? null],
      ...names.flatMap((name) => figures.map((figure) => byName.get(name)?.[figure] ?? null)),
      ...[summary.diagnostics.verdict, summary.seconds, summary.rounds[0]?.networkOf ?? null, null],
    ];
  });
  return csvFile('summary.csv', csvTable(header, rows));
}

function csvFile(name: string, text: string): ExportedFile {
  return textFile(name, text, 'text/csv');
}

export function textFile(name: string, text: string, mime = 'text/plain'): ExportedFile {
  return { name, mime, bytes: new TextEncoder().encode(text) };
}

function jsonFile(name: string, value: unknown): ExportedFile {
  return {
    name,
    mime: 'application/json',
    bytes: new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`),
  };
}
