import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { AppError } from '../contract/errors.ts';
import type { TraceMapping } from '../contract/recording.ts';
import { GrowingColumn } from './growing-column.ts';
import { mapColumns, mappedSweeps, mappingNotes } from './mapped-sweeps.ts';
import { median } from '../numeric/statistics.ts';
import type { RecordingFile } from './recording-file.ts';
import { giveSignOfLife } from './sign-of-life.ts';
import { sized } from './sized.ts';
import { isText, numberIn, readLines, tellDialect, type TextDialect } from './text-dialect.ts';
import { fromTimestamps, tidyRate, type TimeBase } from './time-base.ts';
import { certainMapping, findColumns, type TraceColumn } from './trace-columns.ts';

interface TextColumn extends TraceColumn {
  index: number;
}

const toSeconds = { s: 1, ms: 1e-3, us: 1e-6 };
/** Numbers kept of all mapped columns together; with the room that they grow into, half a gigabyte. */
const MOST_NUMBERS = 2 ** 25;
/** No amplifier is sampled at shorter intervals (ms): smaller steps of time are seconds. */
const LEAST_INTERVAL_MS = 0.004;
/** Longer than any row of numbers. */
const MOST_ROW_BYTES = 1_000_000;

/**
 * A text file of columns. Only those that are mapped are kept; the file is read once, as a stream.
 *
 * @throws AppError `format-unsupported`, or `input-invalid` with the line that cannot be used
 */
export async function openTextTable(path: string, given: TraceMapping | null): Promise<RecordingFile> {
  const dialect = tellDialect(await readLines(path));
  if (dialect === null) {
    throw new AppError('format-unsupported', `${path} is a text file without rows of numbers.`, {
      remedy: 'Choose an NWB, ABF or HDF5 file, or a CSV or TSV file with a column for the voltage.',
      details: { file: path },
    });
  }
  if (dialect.firstRows.length < 2) {
    throw new AppError('format-unsupported', `${path} has one row of numbers and holds no recording.`, {
      remedy:
        'A recording has a row a sample. To fit a simulator of your own, drop its module (.mjs) together with the observation (.csv).',
      details: { file: path },
    });
  }
  const columns = textColumns(dialect);
  const hints = { rateHz: null, firstColumn: likelyTimeUnit(dialect.firstRows.map((row) => row[0]!)) };
  const found = mapColumns(path, columns, given, hints);
  const wanted = [...new Set([...(found.time ? [found.time] : []), ...found.voltage, ...found.current])];
  const kept = new Map(wanted.map((column) => [column.name, new GrowingColumn()]));
  const rows = await readRows(path, dialect, wanted, [...kept.values()]);
  for (const column of columns) column.samples = rows;
  const { mapping } = found;
  const times = found.time && kept.get(found.time.name)!.whole();
  const time = timeOf(path, mapping, times, dialect.headerLines);
  return {
    path,
    format: formatOf(dialect),
    mapping,
    sweeps: mappedSweeps(found, time),
    notes: mappingNotes(mapping, given !== null),
    samples: ({ path: name, scale, shift }, start, count) =>
      Float32Array.from(
        kept
          .get(name)!
          .whole()
          .subarray(start, start + count),
        (value) => value * scale + shift,
      ),
    close: () => kept.clear(),
  };
}

/** Whether a text file's columns tell that they are a recording's, or are those of a mapping; a table of anything else is none. */
export async function isTraceTable(path: string, given: TraceMapping | null): Promise<boolean> {
  const dialect = (await isText(path)) ? tellDialect(await readLines(path)) : null;
  if (dialect === null) return false;
  const columns = textColumns(dialect);
  if (given === null) return certainMapping(columns, null) !== null;
  const names = [...(given.time ? [given.time.column] : []), ...given.voltage.columns];
  return names.every((name) => findColumns(columns, name).length > 0);
}

function textColumns({ header, columns }: TextDialect): TextColumn[] {
  return Array.from({ length: columns }, (_, index) => {
    const stated = header?.[index] ?? '';
    const name = stated === '' ? `${index + 1}` : stated;
    const repeated = header?.filter((other) => other === stated).length !== 1;
    return {
      name: repeated && stated !== '' ? `${index + 1}: ${name}` : name,
      unit: null,
      samples: 0,
      sweeps: 1,
      index,
    };
  });
}

/** Reads the rows below the header into the columns; returns how many there are. */
async function readRows(
  path: string,
  { delimiter, decimalComma, headerLines }: TextDialect,
  wanted: readonly TextColumn[],
  columns: readonly GrowingColumn[],
): Promise<number> {
  const parser = createReadStream(path).pipe(
    parse({
      ...{ bom: true, delimiter, relax_column_count: true, relax_quotes: true, trim: true },
      ...{ skip_empty_lines: false, record_delimiter: ['\r\n', '\n', '\r'], max_record_size: MOST_ROW_BYTES },
    }),
  );
  const refuse = (line: number, message: string) =>
    new AppError('input-invalid', `${path}, line ${line}: ${message}`, {
      remedy:
        'Mend or delete this line, or export the recording again; a missing sample is not taken for a zero.',
      details: { file: path, line },
    });
  let line = 0;
  let rows = 0;
  let emptyLine = 0;
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      line++;
      if (line % 4096 === 0) giveSignOfLife();
      if (line <= headerLines) continue;
      const cells = delimiter === ' ' ? record.filter((cell) => cell !== '') : record;
      if (cells.every((cell) => cell === '')) {
        emptyLine ||= line;
        continue;
      }
      // an empty line at the end is none; one before other rows is a hole
      if (emptyLine > 0) throw refuse(emptyLine, 'an empty line stands between the samples.');
      for (const [at, { index, name }] of wanted.entries()) {
        const cell = cells[index] ?? '';
        const value = numberIn(cell, decimalComma);
        if (!Number.isFinite(value))
          throw refuse(
            line,
            cell === ''
              ? `the column “${name}” has no value.`
              : `“${cell.slice(0, 40)}” in the column “${name}” is not a number.`,
          );
        columns[at]!.push(value);
      }
      rows++;
      if (rows * wanted.length > MOST_NUMBERS)
        throw refuse(line, 'so many samples are too much for a text file: save them as HDF5.');
    }
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError('file-unreadable', `${path}, near line ${line + 1}: this is no row of numbers.`, {
      remedy: 'Look at the file in a text editor, or export the recording again.',
      cause: thrown,
      details: { file: path, line: line + 1 },
    });
  } finally {
    parser.destroy();
  }
  return rows;
}

/** Of a first column that increases as a time does. */
function likelyTimeUnit(values: readonly number[]): 's' | 'ms' | null {
  const increases = values.length > 1 && values.every((value, i) => i === 0 || value > values[i - 1]!);
  if (!increases) return null;
  return values[1]! - values[0]! < LEAST_INTERVAL_MS ? 's' : 'ms';
}

/** @throws AppError `input-invalid` with the line where the time is not regular */
function timeOf(
  path: string,
  { time, rateHz }: TraceMapping,
  values: Float64Array | null,
  headerLines: number,
): TimeBase {
  if (time === null || values === null) return { rateHz: tidyRate(rateHz!), startS: null, problem: null };
  const base = fromTimestamps(values.map((value) => value * toSeconds[time.unit]));
  if (base.problem === null || values.length < 2) return base;
  const interval = median(values.slice(1).map((value, i) => value - values[i]!));
  const at = values.findIndex(
    (value, i) => i > 0 && !(Math.abs(value - values[i - 1]! - interval) <= Math.abs(interval) / 2),
  );
  const line = headerLines + Math.max(at, 1) + 1;
  throw new AppError(
    'input-invalid',
    `${path}, line ${line}: the time goes from ${values[Math.max(at, 1) - 1]} to ${values[Math.max(at, 1)]} ${time.unit}, where ${sized(interval)} ${time.unit} lie between other samples.`,
    {
      remedy:
        'Export with regular sampling, each sweep in columns of its own; or give the rate: rate=20kHz instead of time=.',
      details: { file: path, line },
    },
  );
}

function formatOf({ delimiter, decimalComma }: TextDialect): string {
  const name = { '\t': 'TSV', ';': 'CSV with semicolons', ',': 'CSV', ' ': 'text in columns' }[delimiter];
  return decimalComma ? `${name}, decimal comma` : name;
}
