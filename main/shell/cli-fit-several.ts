import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { FitConfig } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import type { TraceMapping } from '../contract/recording.ts';
import { writeSummaryTable, type CellOutcome } from '../export/result-folder.ts';
import type { NetworkSource } from '../inference/shared-network.ts';
import { contentHash } from '../recording/content-hash.ts';
import { naturalCompare } from '../recording/natural-sort.ts';
import { isTraceTable } from '../recording/text-table.ts';
import { readBatch, writeBatch, type BatchEntry } from './batch-file.ts';
import { cancelSignal, ending } from './cli-command.ts';
import { earlierRunsText } from './cli-earlier-runs.ts';
import { exitCodeOf, reportError, sayJson, tell } from './cli-output.ts';
import type { FitCommandOptions } from './cli-fit-options.ts';
import { followFit, report } from './cli-fit-run.ts';
import type { Services } from './services.ts';

/** Of what was still to come when the command was cancelled. */
const notBegun = new AppError('cancelled', 'Not begun: the command was cancelled before.', {
  remedy: 'The same command goes on where this one was stopped.',
});
const recordingName = /\.(nwb|abf|h5|hdf5)$/i;

/** Tables of text are recordings only where their columns say so: results lie in folders too. */
const tableName = /\.(csv|tsv|txt|atf)$/i;

/**
 * Folders as the recordings that lie in them, in natural order; files as they are. What else lies in a folder is counted aloud.
 * @param isRecalled whether it was said before what a table's columns are, which do not tell it
 * @throws AppError usage where a folder has no recording
 */
export async function expandFolders(
  paths: readonly string[],
  mapping: TraceMapping | null = null,
  isRecalled: (table: string) => Promise<boolean> = async () => false,
): Promise<string[]> {
  const isTable = async (file: string) =>
    (await isTraceTable(file, mapping)) || (mapping === null && (await isRecalled(file)));
  const expanded = await Promise.all(
    paths.map(async (path) =>
      statSync(path, { throwIfNoEntry: false })?.isDirectory() ? await recordingsIn(path, isTable) : [path],
    ),
  );
  return expanded.flat();
}

async function recordingsIn(folder: string, isTable: (file: string) => Promise<boolean>): Promise<string[]> {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.name.startsWith('.'));
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const file = join(folder, entry.name);
    if (recordingName.test(file) || (tableName.test(file) && (await isTable(file)))) files.push(file);
  }
  if (files.length === 0) {
    const folders = entries.some((entry) => entry.isDirectory());
    throw new AppError('usage', `There is no recording in ${folder}.`, {
      remedy: `Recordings end in .nwb, .abf, .h5 or .hdf5, or are .csv and .tsv whose columns tell time, voltage and units (else give --map)${folders ? '; the folders in it are not looked into: name them' : ''}.`,
    });
  }
  const others = entries.length - files.length;
  if (others > 0)
    tell(`${folder}: ${files.length} recordings; ${others} other files and folders are left alone.`);
  return files.sort(naturalCompare);
}

/**
 * Fits one recording after the other: a folder each, and a table of all. A file that cannot be fitted is reported and the rest are
 * fitted. batch.json in the folder remembers which run is whose, so that the same command goes on where it was stopped. Runs of npe
 * share their networks.
 */
export async function fitSeveral(
  services: Services,
  configs: readonly FitConfig[],
  options: FitCommandOptions,
): Promise<void> {
  const outcomes: CellOutcome[] = [];
  const json = options.json === true;
  let root = options.out;
  const entries = root === undefined ? [] : readBatch(root);
  const trained: NetworkSource[] = [];
  for (const [position, config] of configs.entries()) {
    if (cancelSignal.aborted) {
      ending.code = exitCodeOf(notBegun);
      outcomes.push({ recording: recordingOf(config), error: notBegun });
      continue;
    }
    const recording = recordingOf(config);
    tell(`\n${position + 1}/${configs.length} ${recording}`);
    try {
      const sha256 = await hashOf(recording);
      const before = entries.find((entry) => entry.sha256 === sha256 && isSameFit(services, entry, config));
      const earlier = before === undefined ? earlierRunsText(services.history, recording, sha256) : null;
      if (earlier !== null) tell(earlier);
      const id = before?.id ?? services.fits.start({ config, networksOf: trained }).id;
      root ??= join('chronaxie-results', id);
      const out = join(root, folderName(recording, position, configs));
      remember(root, entries, { recording: resolve(recording), sha256, id });
      const done = await followFit(services, id, {
        out,
        quiet: true,
        resume: before && { networksOf: trained },
      });
      if (!json) report(done.summary, done.out, false);
      outcomes.push({ recording, ...done });
      const { rounds, algorithm } = done.summary;
      if (algorithm === 'npe' && rounds[0]?.networkOf === undefined)
        trained.push({ id, recording: resolve(recording) });
    } catch (thrown) {
      const error = AppError.from(thrown);
      ending.code = Math.max(ending.code, exitCodeOf(error));
      reportError(error, false);
      outcomes.push({ recording, error });
    }
  }
  if (root !== undefined) {
    const [table] = await writeSummaryTable(root, outcomes);
    tell(`\nAll of them: ${table}`);
  }
  if (json) {
    sayJson({
      results: outcomes.map((o) =>
        'error' in o ? { recording: o.recording, error: o.error.toWire() } : { ...o.summary, out: o.out },
      ),
    });
  } else tellFailures(outcomes, configs.length);
}

function tellFailures(outcomes: readonly CellOutcome[], wanted: number): void {
  const failed = outcomes.flatMap((o) => ('error' in o ? [o] : []));
  const fitted = outcomes.length - failed.length;
  tell(`${fitted} of ${wanted} recordings are fitted.`);
  for (const { recording, error } of failed) tell(`  ${recording}: ${error.message}`);
  if (cancelSignal.aborted) tell(notBegun.remedy);
}

/** A file that cannot be read is refused by the fit itself, in its own words. */
export async function hashOf(recording: string): Promise<string> {
  return await contentHash(recording).catch(() => '');
}

/** Whether the run is in the history and was asked for with this configuration, wherever the file lay then. */
function isSameFit({ history }: Services, { id }: BatchEntry, config: FitConfig): boolean {
  if (!history.list().some((run) => run.id === id)) return false;
  const asked = history.configuration(id);
  const bare = (one: FitConfig) => ({
    ...one,
    source: { ...one.source, recording: '' },
    model: basename(one.model),
  });
  return isDeepStrictEqual(bare(asked), bare(config));
}

/** On the disk before the fit begins: a kill loses nothing that the history has. */
function remember(root: string, entries: BatchEntry[], entry: BatchEntry): void {
  const at = entries.findIndex(({ recording }) => recording === entry.recording);
  if (at < 0) entries.push(entry);
  else entries[at] = entry;
  writeBatch(root, entries);
}

const recordingOf = (config: FitConfig) => (config.source as { recording: string }).recording;

/** The file's name; where two recordings share it, the folder's name goes before it, or the position after it. */
function folderName(recording: string, position: number, configs: readonly FitConfig[]): string {
  const name = (file: string) => basename(file, extname(file));
  const twins = configs.map(recordingOf).filter((file) => name(file) === name(recording));
  if (twins.length === 1) return name(recording);
  const folders = new Set(twins.map((file) => basename(dirname(file))));
  return folders.size === twins.length
    ? `${basename(dirname(recording))}-${name(recording)}`
    : `${name(recording)}-${position + 1}`;
}
