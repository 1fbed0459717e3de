import type { FitEstimate, Progress, RunState } from '../../main/contract/run.ts';
import { count, quantity, significant, thinSpace } from '../../main/figures/number.ts';
import { clock } from './time.ts';

/** A run's state: a mark that does not rely on colour, and the word for it. */
export const stateMarks: Record<RunState, { mark: string; word: string }> = {
  queued: { mark: '○', word: 'waiting' },
  running: { mark: '●', word: 'running' },
  finished: { mark: '✓', word: 'finished' },
  cancelled: { mark: '◐', word: 'cancelled' },
  interrupted: { mark: '◐', word: 'interrupted' },
  failed: { mark: '✕', word: 'failed' },
};

const phaseWords: Record<Progress['phase'], string> = {
  prepare: 'reading the recording',
  pilot: 'pilot simulations',
  simulate: 'simulating',
  train: 'training',
  sample: 'sampling the posterior',
  predict: 'checking predictions',
};

export function phase(progress: Progress): string {
  return phaseWords[progress.phase];
}

/** Does the phase count simulations? */
export function countsSimulations(progress: Progress): boolean {
  return progress.phase === 'simulate' || progress.phase === 'pilot' || progress.phase === 'predict';
}

/** The parts of the status line: «round 3/5», «simulating 2,140 of 5,000», «18,300/s», «31 bad», «ESS 812», «0:07 left». */
export function statusParts(progress: Progress): string[] {
  const parts: string[] = [];
  if (progress.round > 0) parts.push(`round ${progress.round}/${progress.rounds}`);
  if (countsSimulations(progress)) {
    parts.push(
      `${phase(progress)} ${count(progress.simulationsDone)} of ${count(progress.simulationsTotal)}`,
    );
    // Only a search counts generations while it simulates.
    if (progress.phase === 'simulate' && progress.epoch !== null) parts.push(`generation ${progress.epoch}`);
    if (progress.simulationsPerSecond !== null) {
      parts.push(`${significantCount(progress.simulationsPerSecond)}/s`);
    }
  } else if (progress.phase === 'train' && progress.epoch !== null) {
    parts.push(`training, epoch ${progress.epoch}`);
    if (progress.validationLoss !== null)
      parts.push(`held-out loss ${significant(progress.validationLoss, 4)}`);
  } else {
    parts.push(phase(progress));
  }
  if (progress.bad > 0) parts.push(`${count(progress.bad)} bad`);
  if (progress.ess !== null) parts.push(`ESS ${count(progress.ess)}`);
  if (progress.etaSeconds !== null) parts.push(`${clock(progress.etaSeconds)} left`);
  return parts;
}

/** Rates are shown to three digits: the rest is noise that would flicker. */
export function significantCount(value: number): string {
  return count(Number(value.toPrecision(3)));
}

/** The fraction as per cent: «12 %», and one decimal below 10 %. */
export function percent(fraction: number): string {
  const value = fraction * 100;
  return quantity(value !== 0 && Math.abs(value) < 10 ? significant(value, 2) : count(value), '%');
}

/** Before a run: «25,000 simulations; about 3:10, at the speed of «cell 3» on this computer.» */
export function estimateWords({ simulations, seconds, like }: FitEstimate, runs = 1): string {
  const each = runs > 1 ? ' for each sweep' : '';
  const made = `${count(simulations)} simulations${each}`;
  if (seconds === null || like === null) {
    return `${made}. How long they take is not known before a first run of this kind has finished here.`;
  }
  return `${made}; about ${roughly(seconds * runs)}${runs > 1 ? ' in all' : ''}, at the speed of «${like}» on this computer.`;
}

/** An estimate is no clock: «30 seconds», «4 minutes», «1 h 20 min». */
function roughly(seconds: number): string {
  if (seconds < 50) return `${Math.max(5, Math.ceil(seconds / 5) * 5)} seconds`;
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return minutes === 1 ? 'a minute' : `${minutes} minutes`;
  const tens = Math.round(minutes / 10);
  return `${Math.floor(tens / 6)}${thinSpace}h ${(tens % 6) * 10}${thinSpace}min`;
}
