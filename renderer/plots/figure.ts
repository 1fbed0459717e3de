import { fontFamily, type Draw, type Pen } from './pen.ts';
import type { Colours } from './colours.ts';
import { figurePdf } from './figure-pdf.ts';
import { figureSvg } from './figure-svg.ts';
import { RecordingPen } from './recording-pen.ts';

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

export const figureFormats = ['svg', 'png', 'pdf', 'csv'] as const;
export type FigureFormat = (typeof figureFormats)[number];

export interface FigureFile {
  name: string;
  mime: string;
  bytes: Uint8Array<ArrayBuffer>;
}

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

/** Pictures for documents and slides have twice the screen's pixels. */
const pngScale = 2;

export async function figureFile(figure: Figure, format: FigureFormat): Promise<FigureFile> {
  const name = `${figure.name}.${format}`;
  const text = (mime: string, value: string) => ({ name, mime, bytes: new TextEncoder().encode(value) });
  if (format === 'csv') return text('text/csv', figure.csv());
  if (format === 'png') {
    const blob = await figurePng(figure);
    return { name, mime: blob.type, bytes: new Uint8Array(await blob.arrayBuffer()) };
  }
  const { width, height, title } = figure;
  const pen = new RecordingPen(measure);
  figure.draw(printColours)(pen, width, height);
  if (format === 'svg') return text('image/svg+xml', figureSvg(pen.marks, width, height, title));
  const bytes = figurePdf(pen.marks, { width, height }, title, { measure, pixels });
  return { name, mime: 'application/pdf', bytes };
}

/** @throws Error where the browser gives no picture */
export async function figurePng(figure: Figure): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(figure.width * pngScale);
  canvas.height = Math.round(figure.height * pngScale);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('There is no canvas to draw on.');
  context.fillStyle = printColours.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(pngScale, pngScale);
  figure.draw(printColours)(context, figure.width, figure.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The picture is too large for this browser.');
  return blob;
}

/** Draws a part of a figure at its place. */
export function place(pen: Pen, draw: Draw, x: number, y: number, width: number, height: number): void {
  pen.save();
  pen.translate(x, y);
  draw(pen, width, height);
  pen.restore();
}

let measuring: CanvasRenderingContext2D | null = null;

/** Arial has Helvetica's widths, and Liberation Sans those of both. */
function measure(text: string, font: string): number {
  measuring ??= document.createElement('canvas').getContext('2d');
  if (measuring === null) return 0;
  measuring.font = font.replace(fontFamily, 'Arial, "Liberation Sans", sans-serif');
  return measuring.measureText(text).width;
}

function pixels(image: HTMLCanvasElement): ImageData {
  const context = image.getContext('2d');
  if (context === null) throw new Error('The picture cannot be read.');
  return context.getImageData(0, 0, image.width, image.height);
}
