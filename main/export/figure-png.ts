import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pngScale } from '../figures/figure.ts';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const { resolve } = createRequire(import.meta.url);
/** Arimo has Helvetica's widths, so that a text is as long as it was measured. */
const fonts = ['400Regular', '400Regular_Italic', '700Bold'] as const;

let prepared: Promise<Uint8Array[]> | null = null;

/** A figure's SVG as PNG, by resvg, with a font of the program's own: the same on every machine. */
export async function figurePng(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  prepared ??= prepare();
  const fontBuffers = await prepared;
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: pngScale },
    font: { fontBuffers, defaultFontFamily: 'Arimo', sansSerifFamily: 'Arimo' },
  });
  try {
    return new Uint8Array(drawing.render().asPng());
  } finally {
    drawing.free();
  }
}

async function prepare(): Promise<Uint8Array[]> {
  await initWasm(await readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')));
  return Promise.all(
    fonts.map((face) => readFile(resolve(`@expo-google-fonts/arimo/${face}/Arimo_${face}.ttf`))),
  );
}
