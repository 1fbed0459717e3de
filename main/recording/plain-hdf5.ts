import { AppError } from '../contract/errors.ts';
import type { TraceMapping } from '../contract/recording.ts';
import { numberOf, type Hdf5File } from './hdf5-file.ts';
import { mapColumns, mappedSweeps, mappingNotes } from './mapped-sweeps.ts';
import { naturalCompare } from './natural-sort.ts';
import { readBlocks } from './read-samples.ts';
import type { RecordingFile } from './recording-file.ts';
import { giveSignOfLife } from './sign-of-life.ts';
import { fromTimestamps, tidyRate, type TimeBase } from './time-base.ts';
import type { TraceColumn } from './trace-columns.ts';

interface TraceDataset extends TraceColumn {
  shape: readonly number[];
}

/** Groups inside groups that are looked into, and datasets that are listed. */
const MOST_DEPTH = 6;
const MOST_DATASETS = 1000;
/** A time for each sample takes no more memory than so many. */
const MOST_TIMES = 2 ** 25;
const rateNames = ['rate', 'sampling_rate', 'samplingRate', 'sample_rate', 'sampleRate', 'fs', 'Fs'];
const toSeconds = { s: 1, ms: 1e-3, us: 1e-6 };

/**
 * An HDF5 file of datasets (h5py, MATLAB 7.3) that is no NWB; samples are read where they are asked for.
 *
 * @throws AppError `format-unsupported` without numeric datasets, `input-invalid` where they do not tell what they are
 */
export function plainHdf5(file: Hdf5File, given: TraceMapping | null): Omit<RecordingFile, 'path' | 'close'> {
  const all = listDatasets(file, '', 0);
  if (all.length === 0) {
    throw new AppError(
      'format-unsupported',
      `${file.path} is an HDF5 file, but neither laid out as NWB nor with datasets of numbers.`,
      {
        remedy: 'Choose an NWB file, or an HDF5 file with a dataset for the voltage and one for the current.',
        details: { file: file.path },
      },
    );
  }
  const rateHz = statedRate(file);
  const found = mapColumns(file.path, all, given, { rateHz, firstColumn: null });
  const { mapping } = found;
  const timeSamples = found.time?.samples ?? null;
  const laid = {
    ...found,
    voltage: found.voltage.map((one) => laidOut(one, timeSamples)),
    current: found.current.map((one) => laidOut(one, timeSamples)),
  };
  const unequal = laid.voltage.find(({ samples }) => timeSamples !== null && samples !== timeSamples);
  const time: TimeBase = unequal
    ? {
        rateHz: Number.NaN,
        startS: null,
        problem: `it has ${unequal.samples} samples and its time ${timeSamples}`,
      }
    : timeOf(file, mapping, found.time);
  return {
    format: 'HDF5',
    mapping,
    sweeps: mappedSweeps(laid, time),
    notes: mappingNotes(mapping, given !== null),
    samples: (series, start, count) => {
      const [name, row] = splitPath(series.path, all);
      const { shape } = all.find((one) => one.name === name)!;
      const samplesFirst =
        shape.length === 2 &&
        laidOut({ ...all.find((one) => one.name === name)! }, timeSamples).samples === shape[0];
      const at: [number, number] = [row, row + 1];
      const ranges = (range: [number, number]) =>
        shape.length === 1 ? [range] : samplesFirst ? [range, at] : [at, range];
      const values = readBlocks(
        file,
        { path: `/${name}`, scale: series.scale, shift: series.shift, ranges },
        start,
        count,
      );
      const chunk =
        file.dataset(`/${name}`)?.metadata.chunks?.[samplesFirst || shape.length === 1 ? 0 : 1] ?? 0;
      if (series.quantity === 'voltage' && hasHole(values, start, chunk)) throw holeFault(file.path, name);
      return values;
    },
  };
}

/** Shorter chunks may hold so many zeros by chance. */
const LEAST_CHUNK = 8;

/** HDF5 gives zeros for a chunk that it does not find; no membrane potential is exactly 0 for a whole chunk. */
function hasHole(values: Float32Array, start: number, chunk: number): boolean {
  if (chunk < LEAST_CHUNK) return false;
  for (let at = Math.ceil(start / chunk) * chunk - start; at + chunk <= values.length; at += chunk)
    if (values.subarray(at, at + chunk).every((value) => value === 0)) return true;
  return false;
}

function holeFault(path: string, name: string): AppError {
  return new AppError(
    'file-unreadable',
    `${path}: ${name} is exactly 0 for a whole chunk of its samples, which is missing in the file.`,
    {
      remedy:
        'Copy or download the file again; if the recording was stopped early, export it without what was not recorded.',
      details: { file: path },
    },
  );
}

/** Datasets of numbers in one or two dimensions, below a group, by their paths. */
function listDatasets(file: Hdf5File, folder: string, depth: number): TraceDataset[] {
  const found: TraceDataset[] = [];
  for (const key of file.keys(folder === '' ? '/' : `/${folder}`).sort(naturalCompare)) {
    if (found.length >= MOST_DATASETS) break;
    const name = folder === '' ? key : `${folder}/${key}`;
    giveSignOfLife();
    if (file.lostLink(`/${name}`) !== null) continue;
    const data = file.dataset(`/${name}`);
    if (data === null) {
      // MATLAB keeps its own things under names that begin with #
      if (depth < MOST_DEPTH && !key.startsWith('#')) found.push(...listDatasets(file, name, depth + 1));
      continue;
    }
    const shape = data.shape ?? [];
    const isNumeric = typeof data.dtype === 'string' && /^[<>=|]?[bBhHiIlLqQfd]/.test(data.dtype);
    if (!isNumeric || shape.length < 1 || shape.length > 2 || shape.reduce((n, size) => n * size, 1) < 2)
      continue;
    const unit = file.textAttribute(`/${name}`, 'unit') ?? file.textAttribute(`/${name}`, 'units');
    found.push(laidOut({ name, unit, samples: 0, sweeps: 1, shape }, null));
  }
  return found;
}

/** A matrix has its samples along the dimension that is as long as the time, or the longer one. */
function laidOut(data: TraceDataset, timeSamples: number | null): TraceDataset {
  const { shape } = data;
  if (shape.length === 1) return { ...data, samples: shape[0]!, sweeps: 1 };
  const [a, b] = [shape[0]!, shape[1]!];
  const first =
    timeSamples !== null && (a === timeSamples) !== (b === timeSamples) ? a === timeSamples : a > b;
  return { ...data, samples: first ? a : b, sweeps: first ? b : a };
}

/** «v#3» is row 3 of the matrix v; a dataset's own name may hold a # too. */
function splitPath(path: string, all: readonly TraceDataset[]): [string, number] {
  if (all.some(({ name }) => name === path)) return [path, 0];
  const at = path.lastIndexOf('#');
  return [path.slice(0, at), Number(path.slice(at + 1))];
}

/** A sampling rate in Hz that the file states, as an attribute of its root or as a number of its own. */
function statedRate(file: Hdf5File): number | null {
  for (const name of rateNames) {
    const rate = file.numberAttribute('/', name) ?? numberOf(file.dataset(`/${name}`)?.value);
    if (rate !== null && rate > 0 && Number.isFinite(rate)) return rate;
  }
  return null;
}

function timeOf(file: Hdf5File, { time, rateHz }: TraceMapping, data: TraceDataset | null): TimeBase {
  if (time === null || data === null) return { rateHz: tidyRate(rateHz!), startS: null, problem: null };
  const none = (problem: string): TimeBase => ({ rateHz: Number.NaN, startS: null, problem });
  if (data.sweeps > 1) return none('its time is a matrix: give the sampling rate instead, as rate=20kHz');
  if (data.samples > MOST_TIMES)
    return none('its time is too long to be checked: give the sampling rate instead, as rate=20kHz');
  const values = file.dataset(`/${data.name}`)?.value;
  if (!ArrayBuffer.isView(values) || values instanceof DataView) return none('its time cannot be read');
  const numbers = Float64Array.from(values as unknown as ArrayLike<number | bigint>, Number);
  return fromTimestamps(numbers.map((value) => value * toSeconds[time.unit]));
}
