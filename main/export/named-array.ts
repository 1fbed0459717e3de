/** An array as array programs have it: a shape and the values in row-major order; text alone has the shape []. */
export type NamedArray =
  | { name: string; about: string; shape: number[]; values: Float64Array }
  | { name: string; about: string; shape: number[]; values: Int32Array }
  | { name: string; about: string; shape: number[]; values: Uint8Array }
  | { name: string; about: string; shape: [number]; values: string[] }
  | { name: string; about: string; shape: []; values: string };

/** What a reader finds in a file of arrays, a line each. */
export function outlineOf(arrays: readonly NamedArray[]): string {
  return arrays.map(({ name, about, shape }) => `${name}  [${shape.join(' × ')}]  ${about}`).join('\n');
}
