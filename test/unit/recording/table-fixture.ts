import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as hdf5 from 'h5wasm/node';
import { afterAll } from 'vitest';
import { passiveVoltage, stepCurrent } from './nwb-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-table-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 120 ms at 10 kHz: no sample is zero. */
export const currentPa = stepCurrent(1200, 30, 90, 80, 10);
export const voltageMv = passiveVoltage(currentPa, 100, 10);

export function writeText(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The fixture's samples as text, one row a sample. */
export function tableText(
  header: string,
  cells: (i: number) => readonly (number | string)[],
  { delimiter = ',', rows = 1200 } = {},
): string {
  const lines = Array.from({ length: rows }, (_, i) => cells(i).join(delimiter));
  return `${header === '' ? '' : `${header}\n`}${lines.join('\n')}\n`;
}

export async function writeHdf5(name: string, fill: (file: hdf5.File) => void): Promise<string> {
  await hdf5.ready;
  const path = join(folder, name);
  const file = new hdf5.File(path, 'w');
  fill(file);
  file.close();
  return path;
}
