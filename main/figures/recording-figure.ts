import type { TraceView } from '../contract/recording.ts';
import { csv } from './csv.ts';
import { fixed, quantity } from './number.ts';
import { amplitudeColour, type Colours } from './colours.ts';
import type { Figure } from './figure.ts';
import type { Interval } from './plot-window.ts';
import { type Pen, smallFont } from './pen.ts';
import { type Area, areaOf } from './trace-area.ts';
import { drawAxes, drawScaleBars } from './trace-axes.ts';
import { type Series, strokeTrace } from './trace-lines.ts';

/** A plot of those above each other, with the window that is seen of it. */
export interface SeenPane {
  title: string;
  unit: string;
  series: readonly Series[];
  values: Interval;
  grow: number;
}

export interface RecordingFigureInput {
  /** The recording's file, without its ending. */
  name: string;
  /** In the colours of print. */
  panes: (colours: Colours) => readonly SeenPane[];
  time: Interval;
  /** Scale bars in place of axes. */
  bars: boolean;
  /** Of the sweeps' steps, ascending, pA; the legend of their colours where there are several. */
  amplitudes: readonly number[];
  /** Of the sweeps that are drawn. */
  views: readonly TraceView[];
}

const size = { width: 720, height: 460 } as const;
const legendHeight = 20;
const swatch = { count: 5, width: 12, height: 8, gap: 6 } as const;

/** Recorded sweeps above their stimulus, cut to the window that is seen in time and in voltage. */
export function recordingFigure({
  name,
  panes,
  time,
  bars,
  amplitudes,
  views,
}: RecordingFigureInput): Figure {
  return {
    ...{ name: `${name}-traces`, title: `Recorded traces of ${name}`, ...size },
    draw: (colours) => (pen, width, height) => {
      const all = panes(colours);
      const total = all.reduce((sum, { grow }) => sum + grow, 0);
      const legend = amplitudes.length > 1;
      let top = legend ? legendHeight : 0;
      all.forEach(({ title, unit, series, values, grow }, i) => {
        const carriesTime = i === all.length - 1;
        const paneHeight = ((height - (legend ? legendHeight : 0)) * grow) / total;
        const within = areaOf(width, paneHeight, carriesTime);
        const area = { ...within, top: within.top + top, bottom: within.bottom + top };
        (bars ? drawScaleBars : drawAxes)(pen, { area, time, values, title, unit, carriesTime, colours });
        pen.save();
        pen.beginPath();
        pen.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
        pen.clip();
        for (const one of series) strokeTrace(pen, one, area, time, values);
        pen.restore();
        top += paneHeight;
      });
      if (legend) drawLegend(pen, amplitudes, areaOf(width, height, true), colours);
    },
    csv: () => csv(header, rows(views, time)),
  };
}

/** Above the traces, at their right end: the amplitudes from the most negative to the most positive, and their colours. */
function drawLegend(pen: Pen, amplitudes: readonly number[], area: Area, colours: Colours): void {
  const middle = area.top + swatch.height / 2;
  pen.font = smallFont;
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  pen.fillStyle = colours.secondary;
  const [low, high] = [fixed(amplitudes[0]!, 0), quantity(fixed(amplitudes.at(-1)!, 0), 'pA')];
  pen.fillText(high, area.right, middle);
  const right = area.right - pen.measureText(high).width - swatch.gap;
  const left = right - swatch.count * swatch.width;
  pen.fillText(low, left - swatch.gap, middle);
  for (let i = 0; i < swatch.count; i++) {
    pen.fillStyle = amplitudeColour(i / (swatch.count - 1), 'light');
    pen.fillRect(left + i * swatch.width, area.top, swatch.width, swatch.height);
  }
}

const header = ['sweep', 'timeMs', 'voltageMinMv', 'voltageMaxMv', 'currentMinPa', 'currentMaxPa'];

function* rows(views: readonly TraceView[], [begin, end]: Interval): Generator<(number | null)[]> {
  for (const view of views) {
    for (const [i, ms] of view.timeMs.entries()) {
      if (ms < begin || ms > end) continue;
      const values = [view.voltageMinMv, view.voltageMaxMv, view.currentMinPa, view.currentMaxPa];
      yield [view.sweep, ms, ...values.map((column) => column[i] ?? null)];
    }
  }
}
