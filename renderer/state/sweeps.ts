import type { CurrentStep, SweepSummary } from '../../main/contract/recording.ts';

/** The sweep's main step: the one that moves furthest from the baseline for longest. null = there is none. */
export function mainStep(sweep: SweepSummary): CurrentStep | null {
  const weight = (step: CurrentStep) => Math.abs(step.relativePa) * (step.endMs - step.startMs);
  return sweep.current.steps.reduce<CurrentStep | null>(
    (best, step) => (best === null || weight(step) > weight(best) ? step : best),
    null,
  );
}

/** Every step amplitude that occurs, ascending, pA. */
export function amplitudes(sweeps: readonly SweepSummary[]): number[] {
  const values = sweeps.flatMap((sweep) => mainStep(sweep)?.amplitudePa ?? []);
  return [...new Set(values.map((value) => Math.round(value * 10) / 10))].toSorted((a, b) => a - b);
}

/**
 * Where a sweep's amplitude lies among all, 0 = most negative … 1 = most positive; 0.5 where there is no step.
 * @param all amplitudes of the recording, as `amplitudes` gives them
 */
export function stepPosition(sweep: SweepSummary, all: readonly number[]): number {
  const own = mainStep(sweep)?.amplitudePa;
  const low = all[0];
  const high = all.at(-1);
  if (own === undefined || low === undefined || high === undefined || high === low) return 0.5;
  return (own - low) / (high - low);
}
