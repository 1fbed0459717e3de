import { rgb } from './colours.ts';

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

/** The same on a canvas of its own, to be stretched into a panel. */
export function densityImage(density: Float32Array, size: number, hex: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext('2d');
  const image = context?.createImageData(size, size);
  if (context && image) {
    image.data.set(densityPixels(density, size, hex));
    context.putImageData(image, 0, 0);
  }
  return canvas;
}
