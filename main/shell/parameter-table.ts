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
  let columns: string[] | null = null;
  let theta = new Float64Array(1024 * names.length);
  let n = 0;
  readRecords(text, path, (record, line) => {
    if (columns === null) {
      columns = columnsOf(record, names, (what, remedy) => refuse(what, remedy, line));
      return;
    }
    if (record.length !== columns.length) {
      throw refuse(
        `${record.length} cells under ${columns.length} names.`,
        'Give every row one cell a name.',
        line,
      );
    }
    if ((n + 1) * names.length > theta.length) theta = doubled(theta);
    for (const [column, cell] of record.entries()) {
      const name = columns[column]!;
      const trimmed = cell.trim();
      if (trimmed === '') throw refuse(`${name} is empty.`, 'Write a number.', line);
      const value = Number(trimmed);
      if (!Number.isFinite(value) || /^0[xob]/i.test(trimmed)) {
        throw refuse(`${name} is “${trimmed}”, not a number.`, 'Write a decimal number with a point.', line);
      }
      theta[n * names.length + names.indexOf(name)] = value;
    }
    n += 1;
  });
  if (columns === null) throw refuse('the file is empty.', `Write a header: ${names.join(',')}.`);
  if (n === 0) throw refuse('there is a header and no row.', 'Add one row for each parameter set.');
  return { theta: theta.slice(0, n * names.length), n };
}

/** The header's names, each of them a parameter's and every parameter among them. */
function columnsOf(
  record: readonly string[],
  names: readonly string[],
  refuse: (what: string, remedy: string) => AppError,
): string[] {
  const columns = record.map((cell) => cell.trim());
  for (const name of columns) {
    if (names.includes(name)) continue;
    const nearest = nearestName(name, names);
    throw refuse(
      `the model has no parameter “${name}”${nearest === null ? '.' : `; did you mean “${nearest}”?`}`,
      `Its parameters are ${names.join(', ')}.`,
    );
  }
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) throw refuse(`“${twice}” stands there twice.`, 'Keep one column of each.');
  const missing = names.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw refuse(`no column for ${missing.join(', ')}.`, 'Every parameter of the model needs its column.');
  }
  return columns;
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(2 * values.length);
  longer.set(values);
  return longer;
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

/**
 * Hands over row after row and keeps none: a million of them would take a gigabyte.
 * @param take its line is counted from 1; where a quoted cell spans lines, it is the last of them
 */
function readRecords(text: string, path: string, take: (record: string[], line: number) => void): void {
  try {
    parse(text, {
      bom: true,
      relaxColumnCount: true,
      skipEmptyLines: true,
      onRecord: (record: string[], { lines }: { lines: number }) => {
        take(record, lines);
        return null;
      },
    });
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('input-invalid', `${path} is not a CSV file: ${reason}.`, {
      remedy: 'Save it as comma-separated values with a header of parameter names.',
      cause,
      details: { file: path },
    });
  }
}
