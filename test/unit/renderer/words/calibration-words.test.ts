import { expect, it } from 'vitest';
import { calibrationPhase } from '../../../../renderer/words/calibration-words.ts';

it('tells how far a calibration is and what is left', () => {
  const progress = { id: 'r', phase: 'compare', done: 120, total: 300, etaSeconds: 12 } as const;
  expect(calibrationPhase(progress)).toBe('inferring each, 120 of 300, 0:12 left');
  expect(calibrationPhase({ ...progress, phase: 'queued', etaSeconds: null })).toBe(
    'waiting for the run before it',
  );
});
