import { open } from 'node:fs/promises';
import type { ExportFormat } from '../contract/run.ts';
import type { PreparedRecord } from '../inference/fit-store.ts';

/** Why a run cannot be written in some formats, as far as that is seen at once; what is not named can be tried. */
export interface Refusals {
  formats: Partial<Record<ExportFormat, string>>;
  /** Of NWB into a copy of the recording; null = it can be tried. */
  intoCopy: string | null;
}

/** Formats that are a cell: equations and a current. */
const ofCells: readonly ExportFormat[] = ['neuron', 'neuroml'];

export async function refusals({ config: { source }, recording }: PreparedRecord): Promise<Refusals> {
  if (source === null || recording === null || !('recording' in source)) {
    const why = 'Your own simulator has no equations that could be written.';
    return {
      formats: Object.fromEntries(ofCells.map((format) => [format, why])),
      intoCopy: 'This run has no recording.',
    };
  }
  return { formats: {}, intoCopy: await copyRefusal(source.recording) };
}

/** The first bytes of every HDF5 file without a user block. */
const signature = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');

async function copyRefusal(path: string): Promise<string | null> {
  try {
    await using file = await open(path);
    const { buffer } = await file.read(Buffer.alloc(signature.length), 0, signature.length, 0);
    return buffer.equals(signature) ? null : 'The recording is not an NWB file.';
  } catch {
    return 'The recording is no longer in its place.';
  }
}
