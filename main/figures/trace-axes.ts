import { fixed, tickLabel } from './number.ts';
import type { Colours } from './colours.ts';
import { fontFamily, type LinePen } from './pen.ts';
import type { Interval } from './plot-window.ts';
import { scaleBar, tickDecimals, ticks } from './ticks.ts';
import { type Area, timeScale, valueScale } from './trace-area.ts';

export interface AxesInput {
  area: Area;
  time: Interval;
  values: Interval;
  /** Of the value axis; a line break where it is short. */
  title: string;
  unit: string;
  /** The lowest pane carries the time axis for all. */
  carriesTime: boolean;
  colours: Colours;
}

export const plotFont = `12px ${fontFamily}`;
const lineHeight = 14;

/** Time is given in seconds where milliseconds would need five digits. */
function timeUnit(time: Interval): { unit: string; divisor: number } {
  return time[1] - time[0] >= 10_000 ? { unit: 's', divisor: 1000 } : { unit: 'ms', divisor: 1 };
}

/** Hairline grid with round ticks, true minus, and titles with units. Lines lie on whole pixels. */
export function drawAxes(context: LinePen, input: AxesInput): void {
  const { area, time, values, title, carriesTime, colours } = input;
  const { unit, divisor } = timeUnit(time);
  const x = timeScale(area, time);
  const y = valueScale(area, values);
  const across = ticks(time[0] / divisor, time[1] / divisor, most((area.right - area.left) / 72, 8));
  const up = valueTicks(values, most((area.bottom - area.top) / 28, 6));
  context.font = plotFont;
  context.lineWidth = 1;
  context.strokeStyle = colours.grid;
  context.beginPath();
  for (const tick of across) vertical(context, x(tick * divisor), area);
  for (const tick of up) horizontal(context, y(tick), area);
  context.stroke();
  context.strokeStyle = colours.line;
  context.beginPath();
  vertical(context, area.left, area);
  if (carriesTime) horizontal(context, area.bottom, area);
  context.stroke();
  context.fillStyle = colours.secondary;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  const decimals = tickDecimals(up);
  for (const tick of up) context.fillText(tickLabel(tick, decimals), area.left - 8, y(tick));
  sideTitle(context, title, area);
  if (!carriesTime) return;
  context.textAlign = 'center';
  const timeDecimals = tickDecimals(across);
  for (const tick of across) context.fillText(fixed(tick, timeDecimals), x(tick * divisor), area.bottom + 14);
  context.fillText(`Time (${unit})`, (area.left + area.right) / 2, area.bottom + 34);
}

/** Scale bars in place of axes: lengths of 1, 2 or 5 × 10ⁿ, beside the traces and not over them. */
export function drawScaleBars(context: LinePen, input: AxesInput): void {
  const { area, time, values, unit, carriesTime, colours } = input;
  const up = scaleBar(values[1] - values[0], 0.5);
  const across = scaleBar(time[1] - time[0], 0.15);
  const height = (up / (values[1] - values[0])) * (area.bottom - area.top);
  const width = (across / (time[1] - time[0])) * (area.right - area.left);
  const corner = area.left - 8;
  context.font = plotFont;
  context.strokeStyle = colours.ink;
  context.fillStyle = colours.ink;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(corner, area.bottom - height);
  context.lineTo(corner, area.bottom);
  if (carriesTime) {
    context.moveTo(area.left, area.bottom + 10);
    context.lineTo(area.left + width, area.bottom + 10);
  }
  context.stroke();
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  context.fillText(`${fixed(up, tickDecimals([up]))}\u2009${unit}`, corner - 6, area.bottom - height / 2);
  if (!carriesTime) return;
  const inSeconds = across >= 1000;
  const text = inSeconds ? fixed(across / 1000, 0) : fixed(across, tickDecimals([across]));
  context.textAlign = 'left';
  context.fillText(`${text}\u2009${inSeconds ? 's' : 'ms'}`, area.left + width + 6, area.bottom + 10);
}

/** A single tick says where and not how much: a low pane gets closer ones until it has two. */
export function valueTicks([low, high]: Interval, wanted: number): number[] {
  let found = ticks(low, high, wanted);
  for (let more = wanted + 1; found.length < 2 && more <= wanted + 4; more++) found = ticks(low, high, more);
  return found;
}

function most(room: number, limit: number): number {
  return Math.max(2, Math.min(limit, Math.floor(room)));
}

function vertical(context: LinePen, x: number, area: Area): void {
  context.moveTo(Math.round(x) + 0.5, area.top);
  context.lineTo(Math.round(x) + 0.5, area.bottom);
}

function horizontal(context: LinePen, y: number, area: Area): void {
  context.moveTo(area.left, Math.round(y) + 0.5);
  context.lineTo(area.right, Math.round(y) + 0.5);
}

function sideTitle(context: LinePen, title: string, area: Area): void {
  context.save();
  context.translate(16, (area.top + area.bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = 'center';
  const lines = title.split('\n');
  lines.forEach((line, i) => context.fillText(line, 0, (i - (lines.length - 1) / 2) * lineHeight));
  context.restore();
}
