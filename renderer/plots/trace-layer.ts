import type { Interval } from '../../main/figures/plot-window.ts';
import type { Area } from '../../main/figures/trace-area.ts';
import { type Series, strokeTrace } from '../../main/figures/trace-lines.ts';

/** What decides how the traces of a layer look; drawn anew where it changes. */
export interface LayerView {
  width: number;
  height: number;
  ratio: number;
  area: Area;
  time: Interval;
  values: Interval;
}

/** Longest stretch of work between two frames: input is answered within it. */
const sliceMs = 6;
const mostTracesASlice = 4;

/**
 * The traces behind the chosen one, drawn into a picture of their own, a few between two frames, so that a hundred sweeps never hold
 * the window up. While a new picture is being drawn the last one stands in, stretched to the new window; traces that come
 * late are added to the picture that is there.
 */
export class TraceLayer {
  readonly #changed: () => void;
  #drawing: Picture | null = null;
  #shown: Picture | null = null;
  #frame = 0;
  #isPartial = false;

  /** @param changed called whenever there is more to show */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /**
   * Wants these traces in this view. Nothing is drawn yet when it returns.
   * @param isPartial more traces of this view are on their way: the last picture stands in until they are there
   */
  want(series: readonly Series[], view: LayerView, isPartial: boolean): void {
    cancelAnimationFrame(this.#frame);
    this.#isPartial = isPartial;
    if (this.#shown?.canBecome(series, view)) {
      this.#shown.wanted = series;
      this.#drawing = null;
    } else if (this.#drawing?.canBecome(series, view)) {
      this.#drawing.wanted = series;
    } else {
      this.#drawing = new Picture(series, view);
    }
    this.#frame = requestAnimationFrame(() => this.#work());
  }

  paint(context: CanvasRenderingContext2D, { area, time, values }: LayerView): void {
    const picture = this.#shown;
    if (picture === null) return;
    const own = picture.view;
    const across = (own.time[1] - own.time[0]) / (time[1] - time[0]);
    const up = (own.values[1] - own.values[0]) / (values[1] - values[0]);
    const width = (area.right - area.left) * across;
    const height = (area.bottom - area.top) * up;
    const x = area.left + ((own.time[0] - time[0]) / (time[1] - time[0])) * (area.right - area.left);
    const y = area.top + ((values[1] - own.values[1]) / (values[1] - values[0])) * (area.bottom - area.top);
    const { left, right, top, bottom } = own.area;
    const { ratio } = own;
    context.drawImage(
      picture.canvas,
      ...([left * ratio, top * ratio, (right - left) * ratio, (bottom - top) * ratio] as const),
      ...([x, y, width, height] as const),
    );
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }

  #work(): void {
    const picture = this.#drawing ?? this.#shown;
    if (picture === null) return;
    const isDone = picture.drawSome();
    if ((isDone && !this.#isPartial) || this.#shown === null) {
      this.#shown = picture;
      this.#drawing = null;
    }
    this.#changed();
    if (!isDone) this.#frame = requestAnimationFrame(() => this.#work());
  }
}

class Picture {
  readonly canvas: HTMLCanvasElement;
  readonly view: LayerView;
  readonly drawn: Series[] = [];
  wanted: readonly Series[];

  constructor(wanted: readonly Series[], view: LayerView) {
    this.wanted = wanted;
    this.view = view;
    this.canvas = document.createElement('canvas');
    this.canvas.width = Math.max(1, Math.round(view.width * view.ratio));
    this.canvas.height = Math.max(1, Math.round(view.height * view.ratio));
  }

  /** Whether it shows this view, and these traces only need to be added to those that it has. */
  canBecome(series: readonly Series[], view: LayerView): boolean {
    return sameView(this.view, view) && beginsWith(series, this.drawn);
  }

  /** true = all are drawn. */
  drawSome(): boolean {
    const context = this.canvas.getContext('2d');
    if (context === null) return true;
    const { ratio, area, time, values } = this.view;
    const end = performance.now() + sliceMs;
    context.save();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.beginPath();
    context.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
    context.clip();
    for (let count = 0; this.drawn.length < this.wanted.length; count++) {
      if (count > 0 && (count >= mostTracesASlice || performance.now() > end)) break;
      const next = this.wanted[this.drawn.length]!;
      strokeTrace(context, next, area, time, values);
      this.drawn.push(next);
    }
    context.restore();
    return this.drawn.length >= this.wanted.length;
  }
}

function sameView(a: LayerView, b: LayerView): boolean {
  const same = (p: Interval, q: Interval) => p[0] === q[0] && p[1] === q[1];
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.ratio === b.ratio &&
    same(a.time, b.time) &&
    same(a.values, b.values)
  );
}

function beginsWith(series: readonly Series[], beginning: readonly Series[]): boolean {
  if (series.length < beginning.length) return false;
  return beginning.every((one, i) => one.timeMs === series[i]?.timeMs && one.colour === series[i].colour);
}
