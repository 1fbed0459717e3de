import { chmod, copyFile, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Dataset, File, Group } from 'h5wasm/node';
import { AppError } from '../contract/errors.ts';
import { makeFolder } from '../history/make-folder.ts';
import { contentHash } from '../recording/content-hash.ts';
import { hdf5Library } from '../recording/hdf5-file.ts';
import type { ExportedFile } from './files.ts';
import { makeGroup } from './hdf5-writer.ts';
import { moduleName, moduleOutline, writeModule } from './nwb-module.ts';
import type { TableNamespace } from './nwb-table.ts';
import type { RunRecord } from './run-record.ts';

/**
 * Copies the run's recording and adds the run to the copy as a processing module. The recording itself is read, never opened for
 * writing; the copy appears under its name when it is whole.
 * @param path of the copy; what lies there is replaced
 * @throws AppError where the run has no recording, or the recording is no NWB 2 file, has changed or cannot be found
 */
export async function nwbCopy(run: RunRecord, path: string, now: Date): Promise<void> {
  const original = await copiedRecording(run);
  if (resolve(path) === resolve(original)) {
    throw new AppError('usage', 'The copy would replace the recording itself.', {
      remedy: 'Name another file for it.',
      details: { file: path },
    });
  }
  makeFolder(dirname(path));
  const folder = await mkdtemp(join(dirname(resolve(path)), '.chronaxie-'));
  try {
    const copy = join(folder, 'copy.nwb');
    await copyFile(original, copy);
    await chmod(copy, 0o644); // recordings are often kept from being written
    await addModule(run, original, copy, now);
    await rename(copy, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of a copy that is handed over as a whole. */
const largestHandedOver = 2 ** 29;

/** The same copy as a file to be handed over. @throws AppError as nwbCopy, and where it is too large for that */
export async function nwbCopyFile(run: RunRecord, now: Date): Promise<ExportedFile> {
  const { size } = await stat(await copiedRecording(run));
  if (size > largestHandedOver) {
    throw new AppError(
      'input-invalid',
      'The recording is too large to be copied through the window (512 MB).',
      {
        remedy: `Write the copy with «chronaxie export ${run.id} --format nwb --into-copy --out FILE».`,
        details: { bytes: size },
      },
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'chronaxie-export-'));
  try {
    const path = join(folder, copyName(run));
    await nwbCopy(run, path, now);
    const bytes = new Uint8Array(await readFile(path));
    const outline = `All that ${basename(run.prepared.recording!.file)} holds, and:\n\n${moduleOutline(run)}`;
    return { name: copyName(run), mime: 'application/x-hdf5', bytes, outline };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** “cell.nwb” → “cell-261124-h2k9v.nwb” */
export function copyName({ id, prepared }: RunRecord): string {
  const file = basename(prepared.recording?.file ?? 'recording.nwb');
  return `${basename(file, extname(file))}-${id}.nwb`;
}

/** The recording's path, once it is known to be the file that was fitted. */
async function copiedRecording({ prepared }: RunRecord): Promise<string> {
  const { source } = prepared.config;
  if (prepared.recording === null || source === null || !('recording' in source)) {
    throw new AppError('input-invalid', 'This run has no recording that its results could be added to.', {
      remedy: 'Export nwb as a file of its own.',
    });
  }
  const path = source.recording;
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw new AppError('file-not-found', `${path} is no longer there, so it cannot be copied.`, {
      remedy: 'Put the recording back in its place, or export nwb as a file of its own.',
      details: { file: path },
    });
  }
  if ((await contentHash(path)) !== prepared.recording.sha256) {
    throw new AppError(
      'input-invalid',
      `${path} has changed since it was fitted: this run is not about what it holds now.`,
      {
        remedy: 'Put the recording back as it was, or export nwb as a file of its own.',
        details: { file: path },
      },
    );
  }
  return path;
}

async function addModule(run: RunRecord, original: string, copy: string, now: Date): Promise<void> {
  const hdf5 = await hdf5Library();
  const open = (mode: 'a' | 'r'): File => {
    try {
      return new hdf5.File(copy, mode);
    } catch (cause) {
      const noHdf5 = cause instanceof Error && cause.message.includes('file signature not found');
      throw refused(original, noHdf5 ? 'it is not an NWB file' : 'it cannot be opened as HDF5', cause);
    }
  };
  const version = use(open('r'), (file) => textOf(file, 'nwb_version'));
  if (!version.startsWith('2.')) {
    throw refused(
      original,
      version === '' ? 'it does not say which version of NWB it is' : `it is NWB ${version}, not 2`,
    );
  }
  use(open('a'), (file) => {
    try {
      const processing = makeGroup(file, 'processing');
      if (processing.keys().includes(moduleName(run.id)))
        throw refused(original, 'it holds this run already');
      writeModule(processing, run, tableNamespace(file));
      noteChange(file, now);
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw refused(original, 'HDF5 could not write into its copy', cause);
    }
  });
}

function use<T>(file: File, work: (file: File) => T): T {
  try {
    return work(file);
  } finally {
    file.close();
  }
}

/** Files from before NWB 2.2 carry a core namespace that has the tables in itself. */
function tableNamespace(file: File): TableNamespace {
  const specifications = file.get('specifications') as Group | null;
  return specifications === null || specifications.keys().includes('hdmf-common') ? 'hdmf-common' : 'core';
}

/** NWB keeps the time of every change behind that of the file's making, where the file leaves room for it. */
function noteChange(file: File, now: Date): void {
  const dates = file.get('file_create_date') as Dataset | null;
  const length = dates?.shape?.[0];
  if (dates === null || length === undefined || dates.metadata.maxshape?.[0] !== null) return;
  dates.resize([length + 1]);
  dates.write_slice([[length, length + 1]], [now.toISOString().replace('Z', '+00:00')]);
}

function textOf(file: File, name: string): string {
  const value: unknown = file.attrs[name]?.value;
  return typeof value === 'string' ? value : '';
}

function refused(path: string, why: string, cause?: unknown): AppError {
  return new AppError('format-unsupported', `The results cannot be added to a copy of ${path}: ${why}.`, {
    remedy: 'Export nwb as a file of its own.',
    cause,
    details: { file: path },
  });
}
