import { columnAt, type Columns, walkColumns } from './decimated.ts';
import type { LinePen } from './pen.ts';
import type { Interval } from './plot-window.ts';
import { type Area, timeScale, valueScale } from './trace-area.ts';

/** A trace as it is drawn. */
export interface Series extends Columns {
  colour: string;
  width: number;
  /** Drawn below the others, and a little later where there are many. */
  behind?: boolean;
}

/** A trace as one path through the extremes of its columns; what lies outside the window is left out. */
export function strokeTrace(
  context: LinePen,
  series: Series,
  area: Area,
  time: Interval,
  values: Interval,
): void {
  const n = series.timeMs.length;
  if (n === 0 || series.min.length === 0) return;
  const x = timeScale(area, time);
  const y = valueScale(area, values);
  const before = columnAt(series.timeMs, time[0]);
  const after = columnAt(series.timeMs, time[1]);
  let isDown = false;
  context.beginPath();
  walkColumns(
    series,
    Math.max(0, before - 1),
    after < 0 ? n - 1 : Math.min(n - 1, after + 1),
    (ms, value) => {
      if (Number.isNaN(value)) {
        isDown = false;
        return;
      }
      if (isDown) context.lineTo(x(ms), y(value));
      else context.moveTo(x(ms), y(value));
      isDown = true;
    },
  );
  context.strokeStyle = series.colour;
  context.lineWidth = series.width;
  context.lineJoin = 'round';
  context.stroke();
}
