import { rgb } from './colours.ts';
import type { Picture } from './pen.ts';

/** Below this share of the maximum nothing is drawn: zero is transparent. */
const threshold = 0.004;
/** Alpha of the maximum: the contours on top, in the same hue, must still be seen. */
const strongest = 140;

/**
 * A density as one-hue pixels: alpha grows with the density (square root, so that the flanks can be seen), the colour
 * stays. density: [size, size] row-major, rows from low to high; image rows go down, so they are turned over.
 */
export function densityPixels(density: Float32Array, size: number, hex: string): Uint8ClampedArray {
  const [r, g, b] = rgb(hex);
  const pixels = new Uint8ClampedArray(size * size * 4);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const value = density[row * size + column] ?? 0;
      const target = ((size - 1 - row) * size + column) * 4;
      pixels[target] = r;
      pixels[target + 1] = g;
      pixels[target + 2] = b;
      pixels[target + 3] =
        value > threshold ? Math.sqrt((Math.min(1, value) - threshold) / (1 - threshold)) * strongest : 0;
    }
  }
  return pixels;
}

/** The same as a picture, to be stretched into a panel. */
export function densityPicture(density: Float32Array, size: number, hex: string): Picture {
  return { width: size, height: size, data: densityPixels(density, size, hex) };
}
