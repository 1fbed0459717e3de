import {
  Chart,
  type ChartOptions,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  type Scale,
  type Tick,
  Tooltip,
} from 'chart.js';
import { fixed } from '../../main/figures/number.ts';
import type { Colours } from '../../main/figures/colours.ts';
import { tickDecimals, ticks } from '../../main/figures/ticks.ts';

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

export { Chart };
