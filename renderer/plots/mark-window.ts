import type { FeatureMark } from '../../main/contract/recording.ts';
import { type Interval, within } from '../../main/figures/plot-window.ts';

/** A mark fills this share of the window that shows it closely. */
const share = 0.3;
/** The least that is shown, ms: a spike and what surrounds it. */
const leastMs = 8;

/** The time window that shows a mark closely. */
export function around(mark: FeatureMark, whole: Interval): Interval {
  const [start, end] = mark.kind === 'point' ? [mark.timeMs, mark.timeMs] : [mark.startMs, mark.endMs];
  const width = Math.max(leastMs, (end - start) / share);
  const middle = (start + end) / 2;
  return within([middle - width / 2, middle + width / 2], whole);
}
