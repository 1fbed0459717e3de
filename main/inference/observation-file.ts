import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { AppError } from '../contract/errors.ts';

/**
 * Reads OBSERVATION.csv: a header of feature names and one row; an empty cell or NaN is a missing feature.
 * @param features the simulator's features, in its order; the file may have them in any order
 * @returns [F], NaN = missing
 * @throws AppError input-invalid naming the file, the line and the column
 */
export async function readObservation(path: string, features: readonly string[]): Promise<Float64Array> {
  const refuse = (what: string, remedy: string, cause?: unknown) =>
    new AppError('input-invalid', `${path}: ${what}`, { remedy, cause, details: { file: path } });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new AppError('file-not-found', `The observation ${path} cannot be read.`, {
      remedy: 'Check the path and that you may read the file.',
      cause,
      details: { file: path },
    });
  }
  let rows: string[][];
  try {
    rows = parse(text, { bom: true, skipEmptyLines: true, trim: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw refuse(
      `it is not a CSV file (${reason}).`,
      'Write a header of feature names and one row of values.',
      cause,
    );
  }
  const [header, values] = rows;
  if (!header || !values || rows.length !== 2) {
    const found = Math.max(0, rows.length - 1);
    throw refuse(
      `it holds ${found} rows of values; exactly one is expected.`,
      'Keep the header and one row.',
    );
  }
  const unknown = header.filter((name) => !features.includes(name));
  const missing = features.filter((name) => !header.includes(name));
  if (unknown.length > 0 || missing.length > 0 || new Set(header).size !== header.length) {
    const parts = [
      unknown.length > 0 ? `unknown features ${unknown.join(', ')}` : '',
      missing.length > 0 ? `no column for ${missing.join(', ')}` : '',
      new Set(header).size !== header.length ? 'a feature named twice' : '',
    ].filter((part) => part !== '');
    throw refuse(
      `line 1 has ${parts.join('; ')}.`,
      `The simulator's features are ${features.join(', ')}; leave a cell empty where a feature is missing.`,
    );
  }
  const observed = new Float64Array(features.length).fill(NaN);
  header.forEach((name, column) => {
    const cell = values[column]!;
    if (cell === '' || cell.toLowerCase() === 'nan') return;
    const value = Number(cell);
    if (!Number.isFinite(value)) {
      throw refuse(
        `line 2, column ${name}: “${cell}” is not a number.`,
        'Write a number, or leave it empty if missing.',
      );
    }
    observed[features.indexOf(name)] = value;
  });
  if (observed.every(Number.isNaN)) {
    throw refuse(
      'every feature is missing: there is nothing to learn from.',
      'Give at least one observed feature.',
    );
  }
  return observed;
}
