import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset, File, Group } from 'h5wasm/node';
import { hdf5Library } from '../recording/hdf5-file.ts';

export type Hdf5Values = Float64Array | Int32Array | BigInt64Array | Uint8Array | string | readonly string[];

/** Makes an HDF5 file in a folder of its own and gives back its bytes: the library writes files only. */
export async function hdf5Bytes(write: (file: File, path: string) => void): Promise<Uint8Array<ArrayBuffer>> {
  const hdf5 = await hdf5Library();
  const folder = await mkdtemp(join(tmpdir(), 'chronaxie-export-'));
  try {
    const path = join(folder, 'export.h5');
    const file = new hdf5.File(path, 'w');
    try {
      write(file, path);
    } finally {
      file.close();
    }
    return new Uint8Array(await readFile(path));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Chunks of about this many values where data are compressed. */
const chunkValues = 65_536;
/** Below it, compression costs more than it saves. */
const smallestCompressed = 1024;

/** Writes an array, large ones compressed; text is UTF-8 of variable length, a single text a scalar. */
export function writeDataset(
  group: Group,
  name: string,
  values: Hdf5Values,
  shape?: readonly number[],
): Dataset {
  if (typeof values === 'string') return group.create_dataset({ name, data: values, dtype: 'S' });
  if (!ArrayBuffer.isView(values)) {
    return group.create_dataset({ name, data: [...values], dtype: 'S', shape: [values.length] });
  }
  const full = shape ? [...shape] : [values.length];
  const compressed = values.length >= smallestCompressed;
  const rowValues = full.slice(1).reduce((product, n) => product * n, 1);
  const rows = Math.max(1, Math.min(full[0]!, Math.floor(chunkValues / Math.max(1, rowValues))));
  return group.create_dataset({
    ...{ name, data: values, shape: full },
    ...(compressed ? { chunks: [rows, ...full.slice(1)], compression: 4 } : {}),
  });
}

/** Makes a group, and those that it lies in. */
export function makeGroup(file: File, path: string): Group {
  let group: Group = file;
  for (const name of path.split('/').filter((part) => part !== '')) {
    group = group.keys().includes(name) ? (group.get(name) as Group) : group.create_group(name);
  }
  return group;
}
