import { AppError } from '../contract/errors.ts';
import { firstReason, type Hdf5File } from './hdf5-file.ts';
import type { Series } from './series.ts';
import { giveSignOfLife } from './sign-of-life.ts';
import { irregularStretch } from './time-base.ts';

/** Samples read at once: one whole read beyond 2 GiB fails, and a block of 32 MB keeps the memory small. */
const BLOCK = 4_194_304;

/**
 * Samples start … start+count−1 of a series in mV or pA. NaN samples stay NaN.
 *
 * @throws AppError `format-unsupported` or `file-unreadable`, naming the file, the series and the cause.
 */
export function readSamples(file: Hdf5File, series: Series, start: number, count: number): Float32Array {
  const irregular = irregularStretch(file, series, start, count);
  if (irregular !== null) throw unevenFault(file.path, series.path, irregular);
  const path = `${series.path}/data`;
  const column = (file.dataset(path)?.shape?.length ?? 1) === 2;
  const ranges: BlockSource['ranges'] = (range) => (column ? [range, []] : [range]);
  return readBlocks(
    file,
    { path, place: series.path, scale: series.scale, shift: series.shift, ranges },
    start,
    count,
  );
}

/** A dataset with the ranges of its dimensions that hold a range of samples. */
export interface BlockSource {
  path: string;
  /** What a fault names; the path without it. */
  place?: string;
  scale: number;
  shift: number;
  ranges(samples: [number, number]): ([number, number] | [])[];
}

/** Samples start … start+count−1 of a dataset, multiplied and shifted. */
export function readBlocks(file: Hdf5File, source: BlockSource, start: number, count: number): Float32Array {
  const { place = source.path, scale, shift } = source;
  const data = file.dataset(source.path);
  if (data === null) throw readFault(file.path, place, new Error('the data are missing'));
  const out = new Float32Array(count);
  for (let done = 0; done < count;) {
    const size = Math.min(BLOCK, count - done);
    const range: [number, number] = [start + done, start + done + size];
    let block: ArrayLike<number | bigint>;
    try {
      block = samplesOf(data.slice(source.ranges(range)));
    } catch (cause) {
      throw readFault(file.path, place, cause);
    }
    if (block.length !== size) throw readFault(file.path, place, new Error('samples are missing'));
    for (let i = 0; i < size; i++) out[done + i] = Number(block[i]) * scale + shift;
    done += size;
    giveSignOfLife();
  }
  return out;
}

function samplesOf(value: unknown): ArrayLike<number | bigint> {
  const numeric =
    ArrayBuffer.isView(value) && !(value instanceof DataView) && !(value instanceof Uint8ClampedArray);
  if (!numeric) throw new Error('the values are not numbers');
  return value as unknown as ArrayLike<number | bigint>;
}

function unevenFault(path: string, series: string, reason: string): AppError {
  return new AppError('format-unsupported', `${path}: ${series} cannot be used: ${reason}.`, {
    remedy: 'Choose another sweep, or resample this one at a constant rate with the program that wrote it.',
    details: { file: path, series },
  });
}

/** What a failed read means to the person who has the file, and what helps. */
function readFault(path: string, series: string, cause: unknown): AppError {
  const trace = cause instanceof Error ? cause.message : String(cause);
  const details = { file: path, series };
  const filter = /required filter '([^']+)' is not registered/.exec(trace)?.[1];
  if (filter !== undefined) {
    return new AppError(
      'format-unsupported',
      `${path}: the samples of ${series} are compressed with ${filter.toUpperCase()}, which cannot be read here.`,
      {
        remedy: 'Rewrite the file with gzip compression, for example in Python with h5py or with PyNWB.',
        cause,
        details,
      },
    );
  }
  if (/external raw data|EFL/i.test(trace)) {
    return new AppError(
      'format-unsupported',
      `${path}: the samples of ${series} lie in another file, which is not there.`,
      {
        remedy:
          'Put the raw-data file back beside the recording, or ask its author for one self-contained file.',
        cause,
        details,
      },
    );
  }
  const width = /Float(\d+) not supported/.exec(trace)?.[1];
  if (width !== undefined) {
    return new AppError(
      'format-unsupported',
      `${path}: the samples of ${series} are stored as ${width}-bit floating-point numbers, which cannot be read here.`,
      {
        remedy: 'Rewrite the data as 32-bit floats, or as 16-bit integers with a conversion.',
        cause,
        details,
      },
    );
  }
  return new AppError('file-unreadable', `${path}: ${series} cannot be read: ${firstReason(trace)}.`, {
    remedy: 'Copy or download the file again; if it stays so, the recording is damaged at this place.',
    cause,
    details,
  });
}
