import type { Interval } from './plot-window.ts';
import { scale } from './parameter-axis.ts';

/** Where a pane's traces are drawn, in CSS pixels of its canvas. */
export interface Area {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Equal in all panes, so that their time axes agree: the value axis stands left of the traces. */
const left = 72;
const right = 20;
const top = 8;
/** Under the lowest pane: ticks and title of the time axis, or the time bar. */
const belowTime = 44;
const below = 8;

export function areaOf(width: number, height: number, carriesTime: boolean): Area {
  return {
    left,
    right: Math.max(left + 1, width - right),
    top,
    bottom: Math.max(top + 1, height - (carriesTime ? belowTime : below)),
  };
}

/** From time to pixels. */
export function timeScale(area: Area, time: Interval): (ms: number) => number {
  return scale(time, area.left, area.right);
}

/** From values to pixels: upwards. */
export function valueScale(area: Area, values: Interval): (value: number) => number {
  return scale(values, area.bottom, area.top);
}

/** From a pixel back to the time under it. */
export function timeAtPixel(area: Area, time: Interval, x: number): number {
  return time[0] + ((x - area.left) / (area.right - area.left)) * (time[1] - time[0]);
}

export function valueAtPixel(area: Area, values: Interval, y: number): number {
  return values[0] + ((area.bottom - y) / (area.bottom - area.top)) * (values[1] - values[0]);
}
