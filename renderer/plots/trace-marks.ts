import type { Colours } from '../../main/figures/colours.ts';
import { withAlpha } from '../../main/figures/colours.ts';
import type { Interval } from '../../main/figures/plot-window.ts';
import { type Area, timeScale, valueScale } from '../../main/figures/trace-area.ts';
import type { FeatureMark } from '../../main/contract/recording.ts';

/** Where on the trace a feature was measured: stretches as bands, points as rings, values as lines. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  marks: readonly FeatureMark[],
  area: Area,
  time: Interval,
  values: Interval,
  colours: Colours,
): void {
  const x = timeScale(area, time);
  const y = valueScale(area, values);
  context.strokeStyle = colours.accent;
  context.lineWidth = 2;
  for (const mark of marks) {
    context.beginPath();
    if (mark.kind === 'stretch') {
      context.fillStyle = withAlpha(colours.accent, 0.16);
      const from = x(mark.startMs);
      context.fillRect(from, area.top, Math.max(1, x(mark.endMs) - from), area.bottom - area.top);
    } else if (mark.kind === 'point') {
      context.arc(x(mark.timeMs), y(mark.voltageMv), 4, 0, 2 * Math.PI);
    } else {
      context.moveTo(x(mark.startMs), y(mark.startMv));
      context.lineTo(x(mark.endMs), y(mark.endMv));
    }
    context.stroke();
  }
}
