import type { Pen, Picture } from './pen.ts';

/**
 * A pen that writes down what is drawn, for figures as SVG and PDF. It knows what the house's figures use: lines, fills, arcs, text,
 * images, translations and quarter turns, rectangular clips.
 */
export interface Paint {
  colour: string;
  /** 0 … 1, the colour's own and the pen's together. */
  alpha: number;
}

/** Absolute: x, y … in the figure's coordinates; M and L each take two numbers, Z none. */
export type PathStep = readonly ['M' | 'L', number, number] | readonly ['Z'];

interface Clipped {
  /** [x, y, width, height]; null = none */
  clip: readonly [number, number, number, number] | null;
}
export type Mark = Clipped &
  (
    | { kind: 'fill'; path: readonly PathStep[]; paint: Paint }
    | { kind: 'stroke'; path: readonly PathStep[]; paint: Paint; width: number; dash: readonly number[] }
    | {
        kind: 'text';
        text: string;
        x: number;
        y: number;
        size: number;
        italic: boolean;
        bold: boolean;
        align: 'left' | 'center' | 'right';
        /** The baseline lies this far below y, px. */
        drop: number;
        /** A quarter turn to the left. */
        upwards: boolean;
        /** As measured on the screen, px. */
        width: number;
        paint: Paint;
      }
    | { kind: 'image'; picture: Picture; x: number; y: number; w: number; h: number; alpha: number }
  );

interface State {
  fillStyle: CanvasRenderingContext2D['fillStyle'];
  strokeStyle: CanvasRenderingContext2D['strokeStyle'];
  lineWidth: number;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  dash: readonly number[];
  clip: Clipped['clip'];
  dx: number;
  dy: number;
  turned: boolean;
}

/** Segments that a full circle is drawn with. */
const arcSteps = 24;

export class RecordingPen implements Pen {
  readonly marks: Mark[] = [];
  fillStyle: State['fillStyle'] = '#000000';
  strokeStyle: State['strokeStyle'] = '#000000';
  lineWidth = 1;
  /** Kept for drawings that set it: figures join all lines round. */
  lineJoin: CanvasLineJoin = 'round';
  globalAlpha = 1;
  font = '12px sans-serif';
  textAlign: CanvasTextAlign = 'left';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  readonly #measure: (text: string, font: string) => number;
  readonly #stack: State[] = [];
  #dash: readonly number[] = [];
  #clip: Clipped['clip'] = null;
  #dx = 0;
  #dy = 0;
  #turned = false;
  #path: PathStep[] = [];
  #rect: readonly [number, number, number, number] | null = null;

  /** @param measure a text's width, px */
  constructor(measure: (text: string, font: string) => number) {
    this.#measure = measure;
  }

  save(): void {
    const { fillStyle, strokeStyle, lineWidth, globalAlpha, font, textAlign, textBaseline } = this;
    this.#stack.push({
      ...{ fillStyle, strokeStyle, lineWidth, globalAlpha, font, textAlign, textBaseline },
      ...{ dash: this.#dash, clip: this.#clip, dx: this.#dx, dy: this.#dy, turned: this.#turned },
    });
  }
  restore(): void {
    const state = this.#stack.pop();
    if (state === undefined) return;
    const { dash, clip, dx, dy, turned, ...own } = state;
    Object.assign(this, own);
    this.#dash = dash;
    this.#clip = clip;
    this.#dx = dx;
    this.#dy = dy;
    this.#turned = turned;
  }
  translate(x: number, y: number): void {
    [this.#dx, this.#dy] = this.#place(x, y);
  }
  /** @throws RangeError for any angle but a quarter turn to the left */
  rotate(angle: number): void {
    if (Math.abs(angle + Math.PI / 2) > 1e-9) throw new RangeError('Figures turn text by −90° only.');
    this.#turned = true;
  }

  /** @throws RangeError for anything but 1: figures are written in their own size */
  scale(x: number, y: number): void {
    if (x !== 1 || y !== 1) throw new RangeError('Figures are not scaled.');
  }

  beginPath(): void {
    this.#path = [];
    this.#rect = null;
  }
  moveTo(x: number, y: number): void {
    this.#path.push(['M', ...this.#place(x, y)]);
  }
  lineTo(x: number, y: number): void {
    this.#path.push([this.#path.length === 0 ? 'M' : 'L', ...this.#place(x, y)]);
  }
  closePath(): void {
    this.#path.push(['Z']);
  }
  rect(x: number, y: number, w: number, h: number): void {
    const [left, top] = this.#place(x, y);
    this.#rect = [left, top, w, h];
    this.moveTo(x, y);
    this.lineTo(x + w, y);
    this.lineTo(x + w, y + h);
    this.lineTo(x, y + h);
    this.closePath();
  }
  arc(x: number, y: number, radius: number, from: number, to: number): void {
    for (let i = 0; i <= arcSteps; i++) {
      const angle = from + ((to - from) * i) / arcSteps;
      this.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    }
  }
  /** To the rectangle that is the path. @throws RangeError where it is none */
  clip(): void {
    if (this.#rect === null) throw new RangeError('Figures are clipped to rectangles only.');
    this.#clip = this.#clip === null ? this.#rect : intersection(this.#clip, this.#rect);
  }
  fill(): void {
    this.#add({ kind: 'fill', path: this.#path.slice(), paint: this.#paint(this.fillStyle) });
  }
  stroke(): void {
    const { lineWidth: width } = this;
    const paint = this.#paint(this.strokeStyle);
    this.#add({ kind: 'stroke', path: this.#path.slice(), paint, width, dash: this.#dash });
  }
  fillRect(x: number, y: number, w: number, h: number): void {
    this.#aside(() => {
      this.rect(x, y, w, h);
      this.fill();
    });
  }
  strokeRect(x: number, y: number, w: number, h: number): void {
    this.#aside(() => {
      this.rect(x, y, w, h);
      this.stroke();
    });
  }
  setLineDash(dash: Iterable<number>): void {
    this.#dash = [...dash];
  }
  fillText(text: string, x: number, y: number): void {
    const { size, italic, bold } = fontParts(this.font);
    const [px, py] = this.#place(x, y);
    const align = this.textAlign === 'center' ? 'center' : this.textAlign === 'right' ? 'right' : 'left';
    this.#add({
      ...{ kind: 'text', text, x: px, y: py, size, italic, bold, align },
      ...{ drop: baselineDrop(this.textBaseline, size), upwards: this.#turned },
      ...{ width: this.#measure(text, this.font), paint: this.#paint(this.fillStyle) },
    });
  }
  measureText(text: string): TextMetrics {
    return { width: this.#measure(text, this.font) } as TextMetrics;
  }
  drawPicture(picture: Picture, x: number, y: number, w: number, h: number): void {
    const [px, py] = this.#place(x, y);
    this.#add({ kind: 'image', picture, x: px, y: py, w, h, alpha: this.globalAlpha });
  }

  #place(x: number, y: number): [number, number] {
    return this.#turned ? [this.#dx + y, this.#dy - x] : [this.#dx + x, this.#dy + y];
  }
  #paint(style: CanvasRenderingContext2D['fillStyle']): Paint {
    const { colour, alpha } = paintOf(String(style));
    return { colour, alpha: alpha * this.globalAlpha };
  }
  #add(mark: DistributiveOmit<Mark, 'clip'>): void {
    this.marks.push({ ...mark, clip: this.#clip });
  }
  /** Rectangles are drawn beside the path that is being made. */
  #aside(draw: () => void): void {
    const [path, rect] = [this.#path, this.#rect];
    this.beginPath();
    draw();
    this.#path = path;
    this.#rect = rect;
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

function intersection(
  a: readonly [number, number, number, number],
  b: readonly [number, number, number, number],
): [number, number, number, number] {
  const left = Math.max(a[0], b[0]);
  const top = Math.max(a[1], b[1]);
  const right = Math.min(a[0] + a[2], b[0] + b[2]);
  const bottom = Math.min(a[1] + a[3], b[1] + b[3]);
  return [left, top, Math.max(0, right - left), Math.max(0, bottom - top)];
}

/** «#rrggbb» or «rgba(r, g, b, a)». @throws RangeError for anything else */
export function paintOf(style: string): Paint {
  if (/^#[0-9a-f]{6}$/i.test(style)) return { colour: style.toLowerCase(), alpha: 1 };
  const match = /^rgba\((\d+), (\d+), (\d+), ([\d.]+)\)$/.exec(style);
  if (match === null) throw new RangeError(`«${style}» is no colour of a figure.`);
  const hex = [match[1], match[2], match[3]].map((part) => Number(part).toString(16).padStart(2, '0'));
  return { colour: `#${hex.join('')}`, alpha: Number(match[4]) };
}

function fontParts(font: string): { size: number; italic: boolean; bold: boolean } {
  return {
    size: Number(/([\d.]+)px/.exec(font)?.[1] ?? 12),
    italic: /\bitalic\b/.test(font),
    bold: /\b(bold|600|700)\b/.test(font),
  };
}

/** Helvetica's ascent is 0.72 of its size, its x-height centre lies 0.35 above the baseline. */
function baselineDrop(baseline: CanvasTextBaseline, size: number): number {
  if (baseline === 'top') return 0.8 * size;
  if (baseline === 'middle') return 0.35 * size;
  return baseline === 'bottom' ? -0.2 * size : 0;
}
