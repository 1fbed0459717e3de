import type { Attachment } from 'svelte/attachments';
import { axis, baseOptions, Chart, scaleBars } from './chart.ts';
import type { Colours } from './colours.ts';
import type { Point } from './decimated.ts';
import type { Interval } from './plot-window.ts';

export interface Series {
  colour: string;
  width: number;
  points: Point[];
}

export interface TraceChartInput {
  /** Later series are drawn on top. */
  series: Series[];
  x: Interval;
  y: Interval;
  title: string;
  unit: string;
  /** The lowest pane carries the time axis for all. */
  carriesTime: boolean;
  bars: boolean;
  colours: Colours;
}

/** Traces over time by Chart.js; what it reads in `input` redraws it without being built anew. */
export function traceChart(input: () => TraceChartInput): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    let drawnBars: ReturnType<Parameters<typeof scaleBars>[0]> = null;
    const chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: baseOptions(),
      plugins: [scaleBars(() => drawnBars)],
    });
    $effect(() => {
      const { series, x, y, title, unit, carriesTime, bars, colours } = input();
      // Chart.js draws the first dataset on top.
      chart.data.datasets = series.toReversed().map((one) => ({
        data: one.points,
        borderColor: one.colour,
        borderWidth: one.width,
        tension: 0,
      }));
      const labelled = !bars;
      const time = axis(
        { title: 'Time (ms)', low: x[0], high: x[1], most: 8, labelled: labelled && carriesTime },
        colours,
        'x',
      );
      const value = axis({ title, low: y[0], high: y[1], most: 6, labelled }, colours, 'y');
      const hidden = bars ? { grid: { display: false }, border: { display: false } } : {};
      chart.options = {
        ...baseOptions(bars ? 20 : 0),
        scales: { x: { ...time, ...hidden }, y: { ...value, ...hidden } },
      };
      drawnBars = bars ? { x: carriesTime ? 'ms' : null, y: unit, colours } : null;
      chart.update('none');
    });
    return () => chart.destroy();
  };
}
