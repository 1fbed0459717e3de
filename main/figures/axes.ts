import { fixed } from './number.ts';
import type { Colours } from './colours.ts';
import { scale } from './parameter-axis.ts';
import { type Pen, smallFont } from './pen.ts';
import { tickDecimals, ticks } from './ticks.ts';

/** An axis of a plot that is drawn with a pen. */
export interface PenAxis {
  title: string;
  low: number;
  high: number;
  /** Ticks at most, 5 where nothing is said; 0 = an axis without numbers. */
  most?: number;
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Room for numbers and titles around a plot. */
export const plotMargin = { left: 60, right: 12, top: 8, bottom: 40 } as const;

export function plotBox(width: number, height: number): Box {
  const { left, right, top, bottom } = plotMargin;
  return { left, right: width - right, top, bottom: height - bottom };
}

/**
 * Two axes with round ticks, a hairline grid and titles in words.
 * @returns from a value to a pixel, along each
 */
export function drawAxes(
  pen: Pen,
  box: Box,
  x: PenAxis,
  y: PenAxis,
  colours: Colours,
): { x: (value: number) => number; y: (value: number) => number } {
  const across = scale([x.low, x.high], box.left, box.right);
  const up = scale([y.low, y.high], box.bottom, box.top);
  pen.font = smallFont;
  pen.lineWidth = 1;
  pen.strokeStyle = colours.grid;
  pen.fillStyle = colours.secondary;
  const xTicks = labelled(x);
  const yTicks = labelled(y);
  for (const { value } of xTicks) line(pen, across(value), box.top, across(value), box.bottom);
  for (const { value } of yTicks) line(pen, box.left, up(value), box.right, up(value));
  pen.strokeStyle = colours.line;
  line(pen, box.left, box.top, box.left, box.bottom);
  line(pen, box.left, box.bottom, box.right, box.bottom);
  pen.textAlign = 'center';
  pen.textBaseline = 'top';
  for (const { value, text } of xTicks) pen.fillText(text, across(value), box.bottom + 6);
  pen.fillText(x.title, (box.left + box.right) / 2, box.bottom + 24);
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  for (const { value, text } of yTicks) pen.fillText(text, box.left - 6, up(value));
  pen.save();
  pen.translate(box.left - 46, (box.top + box.bottom) / 2);
  pen.rotate(-Math.PI / 2);
  pen.textAlign = 'center';
  y.title.split('\n').forEach((text, row, all) => {
    pen.fillText(text, 0, 14 * (row - (all.length - 1) / 2));
  });
  pen.restore();
  return { x: across, y: up };
}

function labelled({ low, high, most = 5 }: PenAxis): { value: number; text: string }[] {
  if (most === 0) return [];
  const values = ticks(low, high, most);
  const decimals = tickDecimals(values);
  return values.map((value) => ({ value, text: fixed(value, decimals) }));
}

function line(pen: Pen, x1: number, y1: number, x2: number, y2: number): void {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}

/** A line through points; where a value is not finite it breaks. */
export function polyline(pen: Pen, points: Iterable<readonly [x: number, y: number]>): void {
  pen.beginPath();
  let drawing = false;
  for (const [x, y] of points) {
    if (!Number.isFinite(y)) drawing = false;
    else if (drawing) pen.lineTo(x, y);
    else {
      pen.moveTo(x, y);
      drawing = true;
    }
  }
}
