import { zipSync } from 'fflate';
import type { Calibration } from '../contract/calibration.ts';
import type { ExportFormat } from '../contract/run.ts';
import type { FitStore } from '../inference/fit-store.ts';
import {
  configFile,
  type ExportedFile,
  featuresFile,
  hallOfFameFiles,
  parametersFile,
  posteriorSamplesFile,
  predictiveFile,
  provenanceFile,
  summaryFile,
} from './files.ts';
import { figureFiles } from './figure-files.ts';
import { fittedCell } from './fitted-cell.ts';
import { mat } from './mat.ts';
import { outlineOf } from './named-array.ts';
import { netcdf, netcdfOutline } from './netcdf.ts';
import { neuromlFolder } from './neuroml-folder.ts';
import { neuronFolder } from './neuron-folder.ts';
import { copyName, nwbCopy, nwbCopyFile } from './nwb-copy.ts';
import { nwb, nwbOutline } from './nwb.ts';
import { npz } from './npz.ts';
import { listed, reportFigures } from './report-figures.ts';
import { report } from './report.ts';
import { runArrays } from './run-arrays.ts';
import { type RunRecord, storedRun } from './run-record.ts';

type Writer = (
  run: RunRecord,
  options: {
    now: Date;
    draw: number | null;
    store: FitStore;
    calibration: Calibration | null;
    figures: boolean;
  },
) => ExportedFile[] | Promise<ExportedFile[]>;

export interface ExportOptions {
  /** Of this program: of an unfinished run, whose result it makes. */
  version?: string;
  now?: Date;
  /** neuroml: a row of the samples instead of the MAP. */
  draw?: number | null;
  /** report: the run's calibration, where it has one. */
  calibration?: Calibration | null;
  /** report: its figures after it, each as SVG, PNG, PDF and CSV. */
  figures?: boolean;
}

/** The first file of each is the one that a single `--out FILE` means. */
const writers: Record<ExportFormat, Writer> = {
  csv: (run) => [
    posteriorSamplesFile(run.prepared, run.result),
    predictiveFile(run.prepared, run.result),
    ...hallOfFameFiles(run.prepared, run.result),
    ...[parametersFile(run), featuresFile(run), provenanceFile(run)],
  ],
  json: (run) => [summaryFile(run.result), configFile(run.prepared), provenanceFile(run)],
  sbi: (run) => {
    const arrays = runArrays(run);
    const mime = 'application/zip';
    return [{ name: `${run.id}.npz`, mime, bytes: npz(arrays), outline: outlineOf(arrays) }];
  },
  mat: (run) => {
    const arrays = runArrays(run);
    const bytes = mat(arrays, `Chronaxie ${run.result.summary.version}, run ${run.id}`);
    return [{ name: `${run.id}.mat`, mime: 'application/x-matlab-data', bytes, outline: outlineOf(arrays) }];
  },
  netcdf: async (run, { now }) => {
    const bytes = await netcdf(run, now);
    return [{ name: `${run.id}.nc`, mime: 'application/x-netcdf', bytes, outline: netcdfOutline(run) }];
  },
  nwb: async (run, { now }) => {
    const bytes = await nwb(run, now);
    return [{ name: `${run.id}.nwb`, mime: 'application/x-hdf5', bytes, outline: nwbOutline(run) }];
  },
  neuron: async (run) => [
    ...(await neuronFolder(await fittedCell(run))),
    posteriorSamplesFile(run.prepared, run.result),
  ],
  neuroml: async (run, { draw }) => [
    ...neuromlFolder(await fittedCell(run, draw)),
    posteriorSamplesFile(run.prepared, run.result),
  ],
  report: async (run, { store, calibration, figures }) => {
    const drawn = await reportFigures(store, run, calibration);
    const page = await report(run, drawn, calibration);
    return figures ? [page, ...(await figureFiles(listed(drawn)))] : [page];
  },
};

/** As the format nwb, added to a copy of the recording. */
export const recordingWithRun = async (
  store: FitStore,
  id: string,
  { version = 'unknown', now = new Date() }: ExportOptions = {},
): Promise<ExportedFile> => nwbCopyFile(await storedRun(store, id, version), now);

/** The same, written to the path that is made of its usual name, which it returns. */
export async function writeRecordingWithRun(
  store: FitStore,
  id: string,
  path: (name: string) => string,
  { version = 'unknown', now = new Date() }: ExportOptions = {},
): Promise<string> {
  const run = await storedRun(store, id, version);
  const own = path(copyName(run));
  await nwbCopy(run, own, now);
  return own;
}

/** Formats whose files belong together in a folder of their own. */
export const isFolderFormat = (format: ExportFormat): boolean => format === 'neuron' || format === 'neuroml';

/** The files of a folder format as one archive, the same for the same files. */
export function folderArchive(
  id: string,
  format: ExportFormat,
  files: readonly ExportedFile[],
): ExportedFile {
  const folder = `${id}-${format}`;
  const entries = files.map((file) => [`${folder}/${file.name}`, file.bytes] as const);
  const bytes = zipSync(Object.fromEntries(entries), { mtime: new Date(1980, 0, 1) });
  const outline = files.map((file) => `${folder}/${file.name}`).join('\n');
  return { name: `${folder}.zip`, mime: 'application/zip', bytes, outline };
}

/** A run in one format, from what the history holds; of an unfinished one its last finished round; docs/files.md says what each file is. */
export async function exportFiles(
  store: FitStore,
  id: string,
  format: ExportFormat,
  {
    version = 'unknown',
    now = new Date(),
    draw = null,
    calibration = null,
    figures = false,
  }: ExportOptions = {},
): Promise<ExportedFile[]> {
  return writers[format](await storedRun(store, id, version), { now, draw, store, calibration, figures });
}
