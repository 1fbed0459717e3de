import {
  type Inspection,
  type Outline,
  type Reading,
  type UnitFactors,
  asStated,
} from '../contract/recording.ts';
import { ReaderThread } from './reader-thread.ts';
import type { SampleRange, SweepData } from './sweep-reader.ts';

export type { SampleRange, SweepData } from './sweep-reader.ts';

interface Readable {
  readonly file: string;
  /** Samples of a sweep, from its start; all of them without a range. A range that exceeds the sweep is cut. */
  readSweep(sweep: number, range?: SampleRange): Promise<SweepData>;
  close(): Promise<void>;
}

/** An open recording. Its file is read in a thread of its own, sweep by sweep. */
export interface Recording extends Readable {
  /** What is in it; `spikes` is null in every sweep: counting them is the features' part. */
  readonly summary: Inspection;
  /** Factors that would make implausible values those of a cell. */
  readonly likelyUnits: UnitFactors;
}

/** A recording whose sweeps are known and can be read, but were not yet looked at. */
export interface OpeningRecording extends Readable {
  readonly outline: Outline;
  /** Reads every sweep once. The recording that it gives is this one: closing either closes both. */
  complete(): Promise<Recording>;
}

export interface OpenOptions {
  /** Where the file is wrong or silent. */
  reading?: Reading;
  signal?: AbortSignal | undefined;
  timeLimitMs?: number;
}

/** Longest time without a sign of life: one comes after each series, block of samples and sweep, whatever the file's size. */
const TIME_LIMIT_MS = 5000;

/**
 * Opens a recording as far as can be done at once, whatever its size.
 *
 * @throws AppError `file-not-found`, `file-unreadable`, `format-unsupported`, `cancelled`.
 */
export async function beginRecording(path: string, options: OpenOptions = {}): Promise<OpeningRecording> {
  const thread = new ReaderThread(path, options.timeLimitMs ?? TIME_LIMIT_MS);
  try {
    const opened = await thread.ask(
      { kind: 'open', path, reading: options.reading ?? asStated },
      options.signal,
    );
    if (opened.kind !== 'opened') throw new Error(`The reader answered “${opened.kind}” to “open”.`);
    const readable: Readable = {
      file: path,
      readSweep: async (sweep, range) => {
        const answer = await thread.ask({ kind: 'read', sweep, range: range ?? null });
        if (answer.kind !== 'data') throw new Error(`The reader answered “${answer.kind}” to “read”.`);
        return answer.data;
      },
      close: () => thread.close(),
    };
    return {
      ...readable,
      outline: opened.outline,
      complete: async () => {
        const answer = await thread.ask({ kind: 'summarise' }, options.signal);
        if (answer.kind !== 'summary')
          throw new Error(`The reader answered “${answer.kind}” to “summarise”.`);
        return { ...readable, summary: answer.summary, likelyUnits: answer.likelyUnits };
      },
    };
  } catch (thrown) {
    await thread.close();
    throw thrown;
  }
}

/**
 * Opens a recording. A file that can be read but holds no usable sweep opens too: its summary says, sweep by sweep
 * or in the warning `no-usable-sweep`, why.
 *
 * @throws AppError `file-not-found`, `file-unreadable`, `format-unsupported`, `cancelled`.
 */
export async function openRecording(path: string, options: OpenOptions = {}): Promise<Recording> {
  const opening = await beginRecording(path, options);
  try {
    return await opening.complete();
  } catch (thrown) {
    await opening.close();
    throw thrown;
  }
}
