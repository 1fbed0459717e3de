import type { SweepSummary } from '../contract/recording.ts';
import { mainStep } from './stimulus.ts';

/**
 * Settles the sweeps in whose current no step was found. In a family of steps one amplitude may be zero: where all other
 * sweeps of the same length step at the same times, such a sweep has a step of 0 pA there. Elsewhere it has none, and
 * nothing can be measured during it: it is not usable.
 */
export function settleStepless(sweeps: readonly SweepSummary[]): SweepSummary[] {
  return sweeps.map((sweep) => {
    if (!sweep.usable || sweep.current.steps.length > 0) return sweep;
    const window = sweep.current.kind === 'command' ? sharedWindow(sweep, sweeps) : null;
    if (window === null) {
      return {
        ...sweep,
        usable: false,
        reason:
          sweep.mode === 'i-zero'
            ? 'It was recorded without current (I = 0): there is no step to measure during.'
            : 'Its current holds no rectangular step to measure during.',
      };
    }
    const holding = sweep.current.holdingPa ?? 0;
    const step = { ...window, amplitudePa: holding, relativePa: 0 };
    return { ...sweep, current: { ...sweep.current, steps: [step] } };
  });
}

function sharedWindow(
  sweep: SweepSummary,
  sweeps: readonly SweepSummary[],
): { startMs: number; endMs: number } | null {
  const windows = sweeps
    .filter((other) => other.samples === sweep.samples && other.rateHz === sweep.rateHz)
    .flatMap((other) => mainStep(other.current.steps) ?? []);
  const first = windows[0];
  if (!first) return null;
  const shared = windows.every(({ startMs, endMs }) => startMs === first.startMs && endMs === first.endMs);
  return shared ? { startMs: first.startMs, endMs: first.endMs } : null;
}
