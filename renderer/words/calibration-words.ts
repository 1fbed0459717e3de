import type { Calibration, CalibrationProgress, RankShape } from '../../main/contract/calibration.ts';
import { count } from '../../main/figures/number.ts';
import { clock } from './time.ts';

export const calibrationVerdict: Record<
  Calibration['verdict'],
  { title: string; mark: string; kind: 'plain' | 'amber' | 'fault' }
> = {
  calibrated: { title: 'Calibrated, as far as this study can tell', mark: '✓', kind: 'plain' },
  'look-closer': { title: 'Look closer at the widths', mark: '!', kind: 'amber' },
  'not-calibrated': { title: 'Not calibrated', mark: '✕', kind: 'fault' },
};

/** What the ranks of one parameter say of its posterior. */
export const shapeWords: Record<RankShape, string> = {
  uniform: 'as it should be',
  narrow: 'too narrow',
  wide: 'too wide',
  low: 'too low',
  high: 'too high',
};

const phases: Record<CalibrationProgress['phase'], string> = {
  queued: 'waiting for the run before it',
  simulate: 'simulating',
  compare: 'inferring each',
  refit: 'fitting each anew',
  local: 'testing at this recording',
};

/** «inferring each, 120 of 300, 0:12 left» */
export function calibrationPhase({ phase, done, total, etaSeconds }: CalibrationProgress): string {
  const parts = [phases[phase]];
  if (phase !== 'queued') parts.push(`${count(done)} of ${count(total)}`);
  if (etaSeconds !== null) parts.push(`${clock(etaSeconds)} left`);
  return parts.join(', ');
}
