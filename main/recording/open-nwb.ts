import { stat } from 'node:fs/promises';
import { AppError } from '../contract/errors.ts';
import type { Inspection } from '../contract/recording.ts';
import { contentHash } from './content-hash.ts';
import { Hdf5File } from './hdf5-file.ts';
import { nwbContents } from './nwb.ts';
import { settleStepless } from './step-family.ts';
import { summariseSweep } from './summarise-sweep.ts';
import { readSweepData, type SampleRange, type SweepData } from './sweep-reader.ts';
import { recordingWarnings } from './warnings.ts';

/** An NWB file, open and summarised; runs in the reader's thread. */
export interface OpenNwb {
  summary: Inspection;
  read(sweep: number, range?: SampleRange): SweepData;
}

/**
 * Opens a recording and reads every sweep once for its summary.
 *
 * @throws AppError `file-not-found`, `file-unreadable`, or `format-unsupported`; also where not one sweep can be decoded.
 */
export async function openNwb(path: string): Promise<OpenNwb> {
  await requireFile(path);
  const sha256 = await contentHash(path);
  const file = await Hdf5File.open(path);
  try {
    const { format, sweeps, outside } = nwbContents(file);
    const reports = sweeps.map((sweep) => summariseSweep(file, sweep));
    const fault = reports.find((report) => report.fault !== null)?.fault;
    if (fault && reports.every((report) => !report.summary.usable)) throw fault;
    const summaries = settleStepless(reports.map((report) => report.summary));
    const warnings = recordingWarnings(reports, summaries, outside);
    return {
      summary: { file: path, format, sha256, sweeps: summaries, warnings },
      read: (number, range) => {
        const index = sweeps.findIndex(({ sweep }) => sweep === number);
        if (index >= 0) return readSweepData(file, sweeps[index]!, reports[index]!.available, range);
        throw new AppError('not-found', `${path} has no sweep ${number}.`, {
          remedy: `Its sweeps are ${sweeps.map(({ sweep }) => sweep).join(', ')}.`,
          details: { file: path, sweep: number },
        });
      },
    };
  } catch (thrown) {
    file.close();
    throw thrown;
  }
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
    remedy: 'Choose an NWB file.',
    details: { file: path },
  });
}
