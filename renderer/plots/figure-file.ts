import { type Figure, pngScale, printColours } from '../../main/figures/figure.ts';
import { figurePdf } from '../../main/figures/figure-pdf.ts';
import { figureSvg } from '../../main/figures/figure-svg.ts';
import { fontFamily } from '../../main/figures/pen.ts';
import { canvasPen } from './canvas-pen.ts';
import { RecordingPen } from '../../main/figures/recording-pen.ts';

export const figureFormats = ['svg', 'png', 'pdf', 'csv'] as const;
export type FigureFormat = (typeof figureFormats)[number];

export interface FigureFile {
  name: string;
  mime: string;
  bytes: Uint8Array<ArrayBuffer>;
}

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
  const bytes = figurePdf(pen.marks, { width, height }, title, measure);
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
  figure.draw(printColours)(canvasPen(context), figure.width, figure.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The picture is too large for this browser.');
  return blob;
}

let measuring: CanvasRenderingContext2D | null = null;

/** Arial has Helvetica's widths, and Liberation Sans those of both. */
function measure(text: string, font: string): number {
  measuring ??= document.createElement('canvas').getContext('2d');
  if (measuring === null) return 0;
  measuring.font = font.replace(fontFamily, 'Arial, "Liberation Sans", sans-serif');
  return measuring.measureText(text).width;
}
