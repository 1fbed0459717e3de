import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** Reads the benchmark's files in test/reference/data/sbibm (ORIGIN.md there says where they are from). */

export type SbibmTask = 'bernoulli_glm' | 'gaussian_mixture';

const folder = new URL('../../reference/data/sbibm/', import.meta.url);

/** All rows below the header, row-major. */
export function readNumbers(file: string): Float64Array {
  const bytes = readFileSync(new URL(file, folder));
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const rows = parse(text, { from_line: 2, skip_empty_lines: true, trim: true }) as string[][];
  const numbers = Float64Array.from(rows.flat(), Number);
  if (numbers.length === 0 || numbers.some(Number.isNaN)) throw new Error(`${file} does not hold numbers.`);
  return numbers;
}

export function readSbibm(task: SbibmTask, observation: 1 | 2) {
  const at = `${task}/observation-${observation}`;
  return {
    observed: readNumbers(`${at}/observation.csv`),
    trueParameters: readNumbers(`${at}/true_parameters.csv`),
    /** [10000, D] */
    reference: readNumbers(`${at}/reference_posterior_samples.csv.gz`),
  };
}
