import type { Colours } from './colours.ts';
import type { Draw, Pen } from './pen.ts';

/** Something that is seen and can be taken along: drawn again in print colours, and the numbers behind it. */
export interface Figure {
  /** Of its files, without an ending. */
  name: string;
  title: string;
  /** CSS pixels, as on the screen. */
  width: number;
  height: number;
  draw: (colours: Colours) => Draw;
  csv: () => string;
}

/** Pictures for documents and slides have twice the screen's pixels. */
export const pngScale = 2;

/** The light theme's colours on white, whatever theme is seen. They stand in tokens.css too; a test holds both equal. */
export const printColours: Colours = {
  ground: '#ffffff',
  ink: '#111111',
  secondary: '#565656',
  line: '#8c8c8c',
  grid: '#ebebeb',
  data: '#000000',
  model: '#0072b2',
  prior: '#8a8a8a',
  truth: '#e69f00',
  other: '#009e73',
  accent: '#5b3fb5',
  fault: '#b33c00',
};

/** Draws a part of a figure at its place. */
export function place(pen: Pen, draw: Draw, x: number, y: number, width: number, height: number): void {
  pen.save();
  pen.translate(x, y);
  draw(pen, width, height);
  pen.restore();
}
