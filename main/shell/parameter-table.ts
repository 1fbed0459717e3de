import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { AppError } from '../contract/errors.ts';
import { nearestName } from './nearest-name.ts';

/**
 * PARAMS.csv: a header of parameter names in any order, one set a row. Anything unknown, missing, empty or not a number
 * is refused with its line; values are not compared with a prior.
 *
 * @param names the model's parameters
 * @returns theta: [n, names.length] row-major, in the order of `names`
 */
export function parseParameterTable(
  text: string,
  path: string,
  names: readonly string[],
): { theta: Float64Array; n: number } {
  const refuse = (what: string, remedy: string, line?: number) =>
    new AppError('input-invalid', `${path}${line === undefined ? '' : `, line ${line}`}: ${what}`, {
      remedy,
      details: { file: path, line: line ?? null },
    });
  const records = readRecords(text, path);
  const [header, ...rows] = records;
  if (!header) throw refuse('the file is empty.', `Write a header: ${names.join(',')}.`);
  const columns = header.record.map((cell) => cell.trim());
  for (const name of columns) {
    if (names.includes(name)) continue;
    const nearest = nearestName(name, names);
    throw refuse(
      `the model has no parameter “${name}”${nearest === null ? '.' : `; did you mean “${nearest}”?`}`,
      `Its parameters are ${names.join(', ')}.`,
      header.line,
    );
  }
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined)
    throw refuse(`“${twice}” stands there twice.`, 'Keep one column of each.', header.line);
  const missing = names.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw refuse(
      `no column for ${missing.join(', ')}.`,
      'Every parameter of the model needs its column.',
      header.line,
    );
  }
  if (rows.length === 0) throw refuse('there is a header and no row.', 'Add one row for each parameter set.');
  const theta = new Float64Array(rows.length * names.length);
  rows.forEach(({ record, line }, row) => {
    if (record.length !== columns.length) {
      throw refuse(
        `${record.length} cells under ${columns.length} names.`,
        'Give every row one cell a name.',
        line,
      );
    }
    record.forEach((cell, column) => {
      const name = columns[column]!;
      const trimmed = cell.trim();
      if (trimmed === '') throw refuse(`${name} is empty.`, 'Write a number.', line);
      const value = Number(trimmed);
      if (!Number.isFinite(value) || /^0[xob]/i.test(trimmed)) {
        throw refuse(`${name} is “${trimmed}”, not a number.`, 'Write a decimal number with a point.', line);
      }
      theta[row * names.length + names.indexOf(name)] = value;
    });
  });
  return { theta, n: rows.length };
}

export async function readParameterTable(
  path: string,
  names: readonly string[],
): Promise<ReturnType<typeof parseParameterTable>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new AppError('file-not-found', `The parameter file ${path} cannot be read.`, {
      remedy: 'Check the path and that you may read the file.',
      cause,
      details: { file: path },
    });
  }
  return parseParameterTable(text, path, names);
}

interface CsvRecord {
  record: string[];
  /** Of the file, from 1; where a quoted cell spans lines, the last of them. */
  line: number;
}

function readRecords(text: string, path: string): CsvRecord[] {
  try {
    const rows = parse(text, {
      bom: true,
      info: true,
      relaxColumnCount: true,
      skipEmptyLines: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return rows.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('input-invalid', `${path} is not a CSV file: ${reason}.`, {
      remedy: 'Save it as comma-separated values with a header of parameter names.',
      cause,
      details: { file: path },
    });
  }
}
