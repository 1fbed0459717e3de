import { stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../contract/errors.ts';
import type { Inspection, Outline, Reading, TraceMapping, UnitFactors } from '../contract/recording.ts';
import { contentHash } from './content-hash.ts';
import { isAbf, openAbf } from './abf-file.ts';
import { withGivenStep } from './given-step.ts';
import { likelyFactors } from './likely-units.ts';
import { openNwb } from './nwb.ts';
import type { FileSweep, RecordingFile } from './recording-file.ts';
import { giveSignOfLife } from './sign-of-life.ts';
import { settleStepless } from './step-family.ts';
import { summariseSweep, type SweepReport } from './summarise-sweep.ts';
import { isText } from './text-dialect.ts';
import { openTextTable } from './text-table.ts';
import { commonSamples, readSweepData, type SampleRange, type SweepData } from './sweep-reader.ts';
import { inUnits } from './unit-factors.ts';
import { recordingWarnings } from './warnings.ts';

/** A recording's file, open; runs in the reader's thread. */
export interface OpenFile {
  /** What is known without reading a sample. */
  outline: Outline;
  /** Samples of a sweep; also while the sweeps are being summarised. */
  read(sweep: number, range?: SampleRange): SweepData;
  /**
   * Reads every sweep once, and lets other questions through between two sweeps.
   * @throws AppError also where not one sweep can be decoded
   */
  summarise(): Promise<{ summary: Inspection; likelyUnits: UnitFactors }>;
}

/** @throws AppError `file-not-found`, `file-unreadable`, or `format-unsupported` */
export async function openFile(path: string, reading: Reading): Promise<OpenFile> {
  await requireFile(path);
  const file = mended(await opened(path, reading.mapping), reading);
  try {
    const { format, protocol, mapping, sweeps } = file;
    const reports: SweepReport[] = [];
    const read = (number: number, range?: SampleRange) => {
      const index = sweeps.findIndex(({ sweep }) => sweep === number);
      const found = sweeps[index];
      if (found) return readSweepData(file, found, reports[index]?.available ?? commonSamples(found), range);
      throw new AppError('not-found', `${path} has no sweep ${number}.`, {
        remedy: `Its sweeps are ${sweeps.map(({ sweep }) => sweep).join(', ')}.`,
        details: { file: path, sweep: number },
      });
    };
    const summarise = async () => {
      for (const sweep of sweeps) {
        reports.push(summariseSweep(file, sweep));
        giveSignOfLife();
        await setImmediate();
      }
      const fault = reports.find((report) => report.fault !== null)?.fault;
      if (fault && reports.every((report) => !report.summary.usable)) throw fault;
      const summaries = settleStepless(reports.map((report) => report.summary));
      const likely = likelyFactors(reports);
      const warnings = recordingWarnings(reports, summaries, file.notes, likely);
      const sha256 = await contentHash(path);
      return {
        summary: {
          ...{ file: path, format, ...(protocol && { protocol }), ...(mapping && { mapping }) },
          ...{ sha256, sweeps: summaries, warnings },
        },
        likelyUnits: likely,
      };
    };
    return { outline: { format, sweeps: sweeps.map(outlineOf) }, read, summarise };
  } catch (thrown) {
    file.close();
    throw thrown;
  }
}

/** The format is told by the file's first bytes, not by its name. */
async function opened(path: string, mapping: TraceMapping | null): Promise<RecordingFile> {
  if (isAbf(path)) return openAbf(path);
  return (await isText(path)) ? await openTextTable(path, mapping) : await openNwb(path, mapping);
}

function mended(file: RecordingFile, reading: Reading): RecordingFile {
  const sweeps = file.sweeps.map((sweep) => inUnits(sweep, reading));
  return withGivenStep({ ...file, sweeps }, reading.givenStep);
}

function outlineOf({ sweep, name, mode, count, response }: FileSweep): Outline['sweeps'][number] {
  const rateHz = Number.isFinite(response.rateHz) ? response.rateHz : 0;
  const electrode = response.electrode === null ? {} : { electrode: response.electrode };
  return {
    sweep,
    name,
    mode,
    ...electrode,
    rateHz,
    samples: count,
    durationMs: rateHz > 0 ? (count * 1000) / rateHz : 0,
  };
}

async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AppError('file-not-found', `There is no file ${path}.`, {
      remedy: 'Check the path.',
      cause,
      details: { file: path },
    });
  });
  if (found.isFile()) return;
  throw new AppError('file-unreadable', `${path} is not a file.`, {
    remedy: 'Choose an NWB, ABF, HDF5 or text file.',
    details: { file: path },
  });
}
