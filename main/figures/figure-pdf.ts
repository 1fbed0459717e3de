import { rgb } from './colours.ts';
import { textRuns } from './pdf-text.ts';
import type { Picture } from './pen.ts';
import type { Mark, PathStep } from './recording-pen.ts';

/** A CSS pixel is 1/96 inch, a PDF unit 1/72. */
const unitsPerPx = 0.75;
const round = (value: number) => String(Math.round(value * 1000) / 1000);

/**
 * A figure as PDF 1.4 on one page of its size: vectors and text in the standard fonts, densities as images with soft masks. Written by
 * hand because it takes a page of code; format: PDF 32000-1:2008.
 * @param measure width of a text, px, in the figure's font
 */
export function figurePdf(
  marks: readonly Mark[],
  size: { width: number; height: number },
  title: string,
  measure: (text: string, font: string) => number,
): Uint8Array<ArrayBuffer> {
  const images: Picture[] = [];
  const alphas = new Map<string, string>();
  const content: string[] = [
    `${unitsPerPx} 0 0 ${-unitsPerPx} 0 ${round(size.height * unitsPerPx)} cm`,
    '1 j',
  ];
  const state = (alpha: number) => {
    const key = round(alpha);
    if (!alphas.has(key)) alphas.set(key, `G${alphas.size}`);
    return `/${alphas.get(key)} gs`;
  };
  for (const mark of marks) {
    content.push('q');
    if (mark.clip !== null) content.push(`${mark.clip.map(round).join(' ')} re W n`);
    if (mark.kind === 'image') {
      images.push(mark.picture);
      const { x, y, w, h } = mark;
      content.push(
        state(mark.alpha),
        `${round(w)} 0 0 ${round(-h)} ${round(x)} ${round(y + h)} cm /I${images.length - 1} Do`,
      );
    } else {
      content.push(state(mark.paint.alpha), colour(mark.paint.colour, mark.kind === 'stroke' ? 'RG' : 'rg'));
      if (mark.kind === 'fill') content.push(path(mark.path), 'f');
      else if (mark.kind === 'stroke') {
        content.push(`${round(mark.width)} w [${mark.dash.join(' ')}] 0 d`, path(mark.path), 'S');
      } else content.push(text(mark, measure));
    }
    content.push('Q');
  }
  const file = new PdfFile();
  const fonts = ['Helvetica', 'Helvetica-Oblique', 'Helvetica-Bold'].map((name) =>
    file.add(`<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`),
  );
  const symbol = file.add('<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>');
  const imageIds = images.map((image) => addImage(file, image));
  const states = [...alphas].map(([alpha, name]) => `/${name} << /ca ${alpha} /CA ${alpha} >>`);
  const resources = `<< /Font << /F0 ${fonts[0]} 0 R /F1 ${fonts[1]} 0 R /F2 ${fonts[2]} 0 R /FS ${symbol} 0 R >> /ExtGState << ${states.join(' ')} >> /XObject << ${imageIds.map((id, i) => `/I${i} ${id} 0 R`).join(' ')} >> >>`;
  const stream = file.addStream('', new TextEncoder().encode(content.join('\n')));
  const box = `[0 0 ${round(size.width * unitsPerPx)} ${round(size.height * unitsPerPx)}]`;
  const pages = file.next() + 1;
  const page = file.add(
    `<< /Type /Page /Parent ${pages} 0 R /MediaBox ${box} /Resources ${resources} /Contents ${stream} 0 R >>`,
  );
  file.add(`<< /Type /Pages /Kids [${page} 0 R] /Count 1 >>`);
  const catalog = file.add(`<< /Type /Catalog /Pages ${pages} 0 R >>`);
  const info = file.add(`<< /Title <${utf16(title)}> /Creator (Chronaxie) >>`);
  return file.bytes(catalog, info);
}

function colour(hex: string, operator: 'rg' | 'RG'): string {
  return `${rgb(hex)
    .map((channel) => round(channel / 255))
    .join(' ')} ${operator}`;
}

function path(steps: readonly PathStep[]): string {
  return steps
    .map((step) =>
      step[0] === 'Z' ? 'h' : `${round(step[1])} ${round(step[2])} ${step[0] === 'M' ? 'm' : 'l'}`,
    )
    .join('\n');
}

/** The page's y axis goes down, so that text is turned over again by its matrix. */
function text(
  mark: Extract<Mark, { kind: 'text' }>,
  measure: (text: string, font: string) => number,
): string {
  const { size, align, upwards, drop } = mark;
  const font = (scale: number) =>
    `${mark.italic ? 'italic ' : ''}${mark.bold ? 'bold ' : ''}${size * scale}px Arial, "Liberation Sans", sans-serif`;
  const runs = textRuns(mark.text);
  const widths = runs.map(({ text: run, scale }) => measure(plainDigits(run), font(scale)));
  const total = widths.reduce((sum, width) => sum + width, 0);
  let at = align === 'left' ? 0 : align === 'center' ? -total / 2 : -total;
  const own = mark.bold ? 'F2' : mark.italic ? 'F1' : 'F0';
  const parts = runs.map(({ face, codes, scale, text: run }, i) => {
    const raise = scale < 1 && run.trim() !== '' ? 0.35 * size : 0;
    const [x, y] = upwards ? [mark.x + drop - raise, mark.y - at] : [mark.x + at, mark.y + drop - raise];
    at += widths[i]!;
    const matrix = upwards ? `0 -1 -1 0 ${round(x)} ${round(y)}` : `1 0 0 -1 ${round(x)} ${round(y)}`;
    const hex = codes.map((code) => code.toString(16).padStart(2, '0')).join('');
    return `/${face === 'symbol' ? 'FS' : own} ${round(size * scale)} Tf ${matrix} Tm <${hex}> Tj`;
  });
  return `BT ${parts.join(' ')} ET`;
}

/** Superscripts are set as small digits, and so they are measured. */
function plainDigits(run: string): string {
  return run.replaceAll(/[⁰⁴-⁹]/g, '0').replaceAll('⁻', '−');
}

function addImage(file: PdfFile, { width, height, data }: Picture): number {
  const pixels = width * height;
  const colours = new Uint8Array(3 * pixels);
  const mask = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) {
    colours.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
    mask[i] = data[4 * i + 3]!;
  }
  const head = `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /BitsPerComponent 8 /Interpolate true`;
  const soft = file.addStream(`${head} /ColorSpace /DeviceGray`, mask);
  return file.addStream(`${head} /ColorSpace /DeviceRGB /SMask ${soft} 0 R`, colours);
}

function utf16(value: string): string {
  const units = Array.from({ length: value.length }, (_, i) => value.charCodeAt(i));
  return `feff${units.map((unit) => unit.toString(16).padStart(4, '0')).join('')}`;
}

/** The objects of a PDF, their places in the file and its cross-reference table. */
class PdfFile {
  readonly #parts: Uint8Array[] = [];
  readonly #offsets: number[] = [];
  #length = 0;

  constructor() {
    this.#write('%PDF-1.4\n');
  }
  /** The number that the next object gets. */
  next(): number {
    return this.#offsets.length + 1;
  }
  add(body: string): number {
    const id = this.#begin();
    this.#write(`${body}\nendobj\n`);
    return id;
  }
  addStream(head: string, data: Uint8Array): number {
    const id = this.#begin();
    this.#write(`<< ${head} /Length ${data.length} >>\nstream\n`);
    this.#append(data);
    this.#write('\nendstream\nendobj\n');
    return id;
  }
  bytes(catalog: number, info: number): Uint8Array<ArrayBuffer> {
    const start = this.#length;
    const entries = this.#offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
    const size = this.#offsets.length + 1;
    this.#write(`xref\n0 ${size}\n0000000000 65535 f \n${entries.join('')}`);
    this.#write(
      `trailer\n<< /Size ${size} /Root ${catalog} 0 R /Info ${info} 0 R >>\nstartxref\n${start}\n%%EOF\n`,
    );
    const out = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  #begin(): number {
    this.#offsets.push(this.#length);
    this.#write(`${this.#offsets.length} 0 obj\n`);
    return this.#offsets.length;
  }
  #write(value: string): void {
    this.#append(new TextEncoder().encode(value));
  }
  #append(data: Uint8Array): void {
    this.#parts.push(data);
    this.#length += data.length;
  }
}
