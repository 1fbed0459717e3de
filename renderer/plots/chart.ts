import {
  Chart,
  type ChartOptions,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
  type Scale,
  type Tick,
  Tooltip,
} from 'chart.js';
import { fixed } from '../words/number.ts';
import type { Colours } from './colours.ts';
import { scaleBar, tickDecimals, ticks } from './ticks.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, Legend, Tooltip);
Chart.defaults.font.family = 'system-ui, "Segoe UI", "Liberation Sans", "Noto Sans", sans-serif';
Chart.defaults.font.size = 12;

/** Space left of every plot, in pixels: equal everywhere, so that time axes above each other agree. */
export const axisWidth = 64;

export interface AxisInput {
  /** A line break where the axis is short. */
  title: string;
  low: number;
  high: number;
  /** Largest number of ticks; fewer where they would touch. */
  most: number;
  /** false = the axis keeps its place, but stands empty. */
  labelled: boolean;
}

/** A linear axis with round ticks, true minus, hairline grid. */
export function axis(input: AxisInput, colours: Colours, side: 'x' | 'y'): object {
  return {
    type: 'linear',
    min: input.low,
    max: input.high,
    grid: { color: colours.grid, drawTicks: false, lineWidth: 1 },
    border: { color: colours.line },
    title: {
      display: input.labelled && input.title !== '',
      text: input.title.split('\n'),
      color: colours.secondary,
      align: 'center',
      padding: 0,
    },
    ticks: {
      display: input.labelled,
      color: colours.secondary,
      padding: 6,
      autoSkip: false,
      maxRotation: 0,
      callback: (value: number | string, _index: number, all: readonly Tick[]) =>
        fixed(Number(value), tickDecimals(all.map((tick) => tick.value))),
    },
    afterBuildTicks: (scale: Scale) => {
      const room =
        side === 'x' ? Math.floor((scale.chart.width - axisWidth) / 52) : Math.floor(scale.chart.height / 18);
      const most = Math.max(2, Math.min(input.most, room));
      scale.ticks = ticks(scale.min, scale.max, most).map((value) => ({ value }));
    },
    afterFit: (scale: Scale) => {
      if (side === 'y') scale.width = axisWidth;
      else scale.paddingLeft = scale.paddingRight = 0; // else the last label's width would shift the axis
    },
  };
}

/**
 * What every chart of the house shares: no animation, no points, no decoration.
 * @param below pixels left free under the plot
 */
export function baseOptions(below = 0): ChartOptions<'line'> {
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    parsing: false,
    normalized: true,
    layout: { padding: { left: 8, right: 20, top: 8, bottom: below } },
    elements: { point: { radius: 0, hitRadius: 0 }, line: { borderJoinStyle: 'round' } },
    plugins: { legend: { display: false }, tooltip: { enabled: false } },
    events: [],
  };
}

/** Scale bars in place of axes: lengths of 1, 2 or 5 × 10ⁿ, beside the traces and not over them. */
export function scaleBars(
  read: () => { x: string | null; y: string; colours: Colours } | null,
): Plugin<'line'> {
  return {
    id: 'scaleBars',
    afterDatasetsDraw(chart) {
      const { x, y } = chart.scales;
      const wanted = read();
      if (x === undefined || y === undefined || wanted === null) return;
      const { colours, ...units } = wanted;
      const context = chart.ctx;
      const across = scaleBar(x.max - x.min, 0.15);
      const up = scaleBar(y.max - y.min, 0.5);
      const { left, bottom } = chart.chartArea;
      const corner = left - 8;
      const right = left + x.getPixelForValue(across) - x.getPixelForValue(0);
      const top = bottom - (y.getPixelForValue(0) - y.getPixelForValue(up));
      context.save();
      context.strokeStyle = colours.ink;
      context.fillStyle = colours.ink;
      context.lineWidth = 1.5;
      context.font = `12px ${Chart.defaults.font.family}`;
      context.beginPath();
      context.moveTo(corner, top);
      context.lineTo(corner, bottom);
      if (units.x !== null) {
        context.moveTo(left, bottom + 8);
        context.lineTo(right, bottom + 8);
      }
      context.stroke();
      context.textAlign = 'right';
      context.textBaseline = 'middle';
      context.fillText(`${fixed(up, tickDecimals([up]))}\u2009${units.y}`, corner - 6, (top + bottom) / 2);
      context.textAlign = 'left';
      if (units.x !== null) {
        context.fillText(`${fixed(across, tickDecimals([across]))}\u2009${units.x}`, right + 6, bottom + 8);
      }
      context.restore();
    },
  };
}

export { Chart };
