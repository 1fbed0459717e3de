import type { Attachment } from 'svelte/attachments';
import type { FeatureMark } from '../../main/contract/recording.ts';
import type { Colours } from '../../main/figures/colours.ts';
import { paintQueue } from './paint-queue.ts';
import type { Interval } from '../../main/figures/plot-window.ts';
import { areaOf } from '../../main/figures/trace-area.ts';
import { drawAxes, drawScaleBars } from '../../main/figures/trace-axes.ts';
import { type LayerView, TraceLayer } from './trace-layer.ts';
import { type Series, strokeTrace } from '../../main/figures/trace-lines.ts';
import { drawMarks } from './trace-marks.ts';

export interface TraceInput {
  /** Later series are drawn on top. */
  series: readonly Series[];
  /** More of the series that are drawn behind are on their way. */
  isPartial: boolean;
  marks: readonly FeatureMark[];
  time: Interval;
  values: Interval;
  title: string;
  unit: string;
  carriesTime: boolean;
  /** Scale bars in place of axes. */
  bars: boolean;
  colours: Colours;
  /** Of the canvas, CSS pixels. */
  width: number;
  height: number;
}

/** Traces over time on a canvas as sharp as the screen; drawn again when what `input` reads changes. */
export function traceCanvas(input: () => TraceInput): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    let latest: TraceInput | null = null;
    const paintSoon = () => paintQueue.ask(canvas, () => latest && paint(canvas, latest, layer));
    const layer = new TraceLayer(paintSoon);
    $effect(() => {
      latest = input();
      if (latest.width < 2 || latest.height < 2) return;
      layer.want(
        latest.series.filter((series) => series.behind),
        viewOf(latest),
        latest.isPartial,
      );
      paintSoon();
    });
    return () => {
      paintQueue.forget(canvas);
      layer.stop();
    };
  };
}

function viewOf({ width, height, carriesTime, time, values }: TraceInput): LayerView {
  const ratio = window.devicePixelRatio || 1;
  return { width, height, ratio, area: areaOf(width, height, carriesTime), time, values };
}

function paint(canvas: HTMLCanvasElement, input: TraceInput, layer: TraceLayer): void {
  const view = viewOf(input);
  const { width, height, ratio, area, time, values } = view;
  const pixels = [Math.round(width * ratio), Math.round(height * ratio)] as const;
  if (canvas.width !== pixels[0]) canvas.width = pixels[0];
  if (canvas.height !== pixels[1]) canvas.height = pixels[1];
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  if (input.bars) drawScaleBars(context, { ...input, area });
  else drawAxes(context, { ...input, area });
  context.save();
  context.beginPath();
  context.rect(area.left, 0, area.right - area.left, area.bottom + 1);
  context.clip();
  layer.paint(context, view);
  for (const series of input.series) {
    if (!series.behind) strokeTrace(context, series, area, time, values);
  }
  drawMarks(context, input.marks, area, time, values, input.colours);
  context.restore();
}
