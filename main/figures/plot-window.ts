/** The part of a plot that is looked at, on one axis. */
export type Interval = readonly [low: number, high: number];

/** Zooms by a factor (< 1 = closer) around a point, which stays where it is on the screen. */
export function zoomAt(window: Interval, point: number, factor: number, smallest: number): Interval {
  const width = Math.max(smallest, (window[1] - window[0]) * factor);
  const share = window[1] > window[0] ? (point - window[0]) / (window[1] - window[0]) : 0.5;
  return [point - share * width, point + (1 - share) * width];
}

/** Keeps a window inside the whole: it slides before it shrinks. */
export function within(window: Interval, whole: Interval): Interval {
  const width = Math.min(window[1] - window[0], whole[1] - whole[0]);
  const low = Math.min(Math.max(window[0], whole[0]), whole[1] - width);
  return [low, low + width];
}

/** Moves a window by a share of its width. */
export function shifted(window: Interval, share: number): Interval {
  const by = (window[1] - window[0]) * share;
  return [window[0] + by, window[1] + by];
}

/** Some air above and below, so that no peak touches the frame. */
export function padded(window: Interval, fraction = 0.06): Interval {
  const width = window[1] - window[0];
  const air = width > 0 ? width * fraction : Math.max(1, Math.abs(window[0]) * 0.1);
  return [window[0] - air, window[1] + air];
}

/** A wheel's turn as a zoom factor: one notch (100) is about a fifth. */
export function wheelFactor(delta: number): number {
  return Math.exp(Math.max(-400, Math.min(400, delta)) * 0.002);
}
