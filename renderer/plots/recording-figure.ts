import type { TraceView } from '../../main/contract/recording.ts';
import { csv } from '../words/csv.ts';
import type { Colours } from './colours.ts';
import type { Figure } from './figure.ts';
import type { Interval } from './plot-window.ts';
import { areaOf } from './trace-area.ts';
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
  /** Of the sweeps that are drawn. */
  views: readonly TraceView[];
}

const size = { width: 720, height: 460 } as const;

/** Recorded sweeps above their stimulus, cut to the window that is seen in time and in voltage. */
export function recordingFigure({ name, panes, time, bars, views }: RecordingFigureInput): Figure {
  return {
    ...{ name: `${name}-traces`, title: `Recorded traces of ${name}`, ...size },
    draw: (colours) => (pen, width, height) => {
      const all = panes(colours);
      const total = all.reduce((sum, { grow }) => sum + grow, 0);
      let top = 0;
      all.forEach(({ title, unit, series, values, grow }, i) => {
        const carriesTime = i === all.length - 1;
        const paneHeight = (height * grow) / total;
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
    },
    csv: () => csv(header, rows(views, time)),
  };
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
