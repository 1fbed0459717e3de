import { z } from 'zod';
import { mismatch } from './conditional-estimator.ts';
import { embeddingSchema } from './embedding.ts';
import type { NetworkSpec } from './network.ts';
import type { Standardisation } from './standardisation.ts';

/** The stored form of estimators: a header in JSON (its length first, 4 bytes little-endian), then what belongs to it. */
export interface StoredEstimator {
  header: unknown;
  rest: Uint8Array;
}

const numbers = z.array(z.number());

/** What every family's header holds. */
export const partsSchema = z.object({
  spec: z.object({
    inputs: z.number(),
    /** Estimators of earlier versions have none. */
    indicators: numbers.optional(),
    outputs: z.number(),
    hidden: numbers,
    components: z.number(),
    variational: z.boolean(),
    embedding: embeddingSchema.nullish(),
  }),
  /** Estimators of earlier versions have no bends. */
  xCentre: numbers.optional(),
  xBend: numbers.optional(),
  xMean: numbers,
  xSd: numbers,
  thetaMean: numbers,
  thetaSd: numbers,
});

export function storedParts(
  spec: NetworkSpec,
  standardisation: Standardisation,
): z.infer<typeof partsSchema> {
  const { xCentre, xBend, xMean, xSd, thetaMean, thetaSd } = standardisation;
  return {
    spec,
    xCentre: [...xCentre],
    xBend: [...xBend],
    xMean: [...xMean],
    xSd: [...xSd],
    thetaMean: [...thetaMean],
    thetaSd: [...thetaSd],
  };
}

export function readParts(parts: z.infer<typeof partsSchema>): {
  spec: NetworkSpec;
  standardisation: Standardisation;
} {
  const { spec, xMean, xSd, thetaMean, thetaSd } = parts;
  const unbent = xMean.map(() => 0);
  return {
    spec,
    standardisation: {
      xCentre: Float64Array.from(parts.xCentre ?? unbent),
      xBend: Float64Array.from(parts.xBend ?? unbent),
      xMean: Float64Array.from(xMean),
      xSd: Float64Array.from(xSd),
      thetaMean: Float64Array.from(thetaMean),
      thetaSd: Float64Array.from(thetaSd),
    },
  };
}

export function writeStored(header: object, rest: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(4 + text.length + rest.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(rest, 4 + text.length);
  return bytes;
}

/** @throws AppError internal where the bytes are not what writeStored wrote */
export function readStored(bytes: Uint8Array): StoredEstimator {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length >= 4 ? view.getUint32(0, true) : Infinity;
  if (4 + length > bytes.length) throw mismatch('A stored estimator is damaged: its length is wrong.');
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    return { header, rest: bytes.subarray(4 + length) };
  } catch (cause) {
    throw mismatch('A stored estimator cannot be read.', cause);
  }
}

/** @throws AppError internal where the header is of another kind */
export function parseHeader<T>(schema: z.ZodType<T>, header: unknown): T {
  const parsed = schema.safeParse(header);
  if (!parsed.success) throw mismatch('A stored estimator cannot be read.', parsed.error);
  return parsed.data;
}

/** float32 little-endian */
export function floatsToBytes(parts: readonly Float32Array[]): Uint8Array {
  const bytes = new Uint8Array(4 * parts.reduce((sum, part) => sum + part.length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const part of parts) for (const value of part) view.setFloat32((offset += 4) - 4, value, true);
  return bytes;
}

/** @throws AppError internal where the bytes are no whole number of floats */
export function bytesToFloats(bytes: Uint8Array): Float32Array {
  if (bytes.length % 4 !== 0) throw mismatch('A stored estimator is damaged: its length is wrong.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}
