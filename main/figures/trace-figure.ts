import { csv } from './csv.ts';
import { drawAxes, plotMargin } from './axes.ts';
import type { Figure } from './figure.ts';
import type { Interval } from './plot-window.ts';
import { type Series, strokeTrace } from './trace-lines.ts';

/** One plot of those above each other, as TracePlot shows it. */
export interface TracePane {
  title: string;
  /** In the colours of print. */
  series: readonly Series[];
  range: Interval;
  grow: number;
}

interface TraceFigureInput {
  name: string;
  title: string;
  panes: (colours: Parameters<Figure['draw']>[0]) => TracePane[];
  time: Interval;
  columns: { name: string; values: ArrayLike<number> }[];
}

const size = { width: 640, height: 360 } as const;
const between = 16;

/** Traces above their current on one time axis, cut to the time that is shown. */
export function traceFigure({ name, title, panes, time, columns }: TraceFigureInput): Figure {
  return {
    ...{ name, title, ...size },
    draw: (colours) => (pen, width, height) => {
      const all = panes(colours);
      const room = height - plotMargin.top - plotMargin.bottom - between * (all.length - 1);
      const total = all.reduce((sum, { grow }) => sum + grow, 0);
      let top: number = plotMargin.top;
      all.forEach((pane, i) => {
        const bottom = top + (room * pane.grow) / total;
        const box = { left: plotMargin.left, right: width - plotMargin.right, top, bottom };
        const isLast = i === all.length - 1;
        drawAxes(
          pen,
          box,
          { title: isLast ? 'Time (ms)' : '', low: time[0], high: time[1], most: isLast ? 8 : 0 },
          { title: pane.title, low: pane.range[0], high: pane.range[1], most: isLast ? 3 : 6 },
          colours,
        );
        pen.save();
        pen.beginPath();
        pen.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
        pen.clip();
        for (const one of pane.series) strokeTrace(pen, one, box, time, pane.range);
        pen.restore();
        top = bottom + between;
      });
    },
    csv: () => {
      const header = columns.map((column) => column.name);
      const length = columns[0]?.values.length ?? 0;
      const inside = (row: number) => {
        const at = columns[0]!.values[row]!;
        return at >= time[0] && at <= time[1];
      };
      const rows = Array.from({ length }, (_, row) => row).filter(inside);
      return csv(
        header,
        rows.map((row) => columns.map(({ values }) => values[row]!)),
      );
    },
  };
}
