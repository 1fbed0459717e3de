import type { CurrentStep } from '../contract/recording.ts';
import { commandPlateaus, recordedPlateaus, type Plateau } from './plateaus.ts';

/** What a sweep's current trace was found to be. */
export interface Stimulus {
  /** `command` = what the protocol asked for; `recorded` = what was measured, with its noise. */
  kind: 'command' | 'recorded';
  /** The current before the first step. */
  holdingPa: number;
  steps: CurrentStep[];
}

/** More plateaus than this are a staircase of a ramp or a noise, not a step protocol. */
const MOST_STEPS = 50;
/** A plateau this close to the holding current (share of the largest step) is a return to it; noise shifts measured ones. */
const SAME_AS_HOLDING = { command: 0.02, recorded: 0.1 };
/** The stretch at either end of a sweep that tells a measured current from a command. */
const PROBE_MS = 2;
const PROBE_SAMPLES = 16;

/** Reads the rectangular steps from a current trace (pA): never from the file's free text, which is wrong in places. */
export function analyseStimulus(currentPa: Float32Array, rateHz: number): Stimulus {
  const kind = isRecorded(currentPa, rateHz) ? 'recorded' : 'command';
  const plateaus =
    kind === 'recorded' ? recordedPlateaus(currentPa, rateHz) : commandPlateaus(currentPa, rateHz);
  const holdingPa = plateaus[0]?.levelPa ?? 0;
  const steps = stepsFrom(plateaus, holdingPa, rateHz, SAME_AS_HOLDING[kind]);
  return { kind, holdingPa: tidy(holdingPa), steps: steps.length <= MOST_STEPS ? steps : [] };
}

/** The step that a sweep is about: the longest; among equally long ones (within 1 %) the largest. Null without steps. */
export function mainStep(steps: readonly CurrentStep[]): CurrentStep | null {
  const longest = Math.max(...steps.map(durationOf));
  const candidates = steps.filter((step) => durationOf(step) >= 0.99 * longest);
  return candidates.reduce<CurrentStep | null>(
    (best, step) => (best === null || Math.abs(step.relativePa) > Math.abs(best.relativePa) ? step : best),
    null,
  );
}

/** The noise-free current (pA) of a holding current and its steps; sample i lies at i/rateHz. */
export function idealise(
  samples: number,
  rateHz: number,
  holdingPa: number,
  steps: readonly CurrentStep[],
): Float32Array {
  const current = new Float32Array(samples).fill(holdingPa);
  for (const step of steps) {
    const begin = Math.round((step.startMs * rateHz) / 1000);
    const end = Math.round((step.endMs * rateHz) / 1000);
    current.fill(step.amplitudePa, begin, Math.min(end, samples));
  }
  return current;
}

function stepsFrom(
  plateaus: readonly Plateau[],
  holdingPa: number,
  rateHz: number,
  same: number,
): CurrentStep[] {
  const largest = Math.max(0, ...plateaus.map((plateau) => Math.abs(plateau.levelPa - holdingPa)));
  return plateaus
    .filter((plateau) => Math.abs(plateau.levelPa - holdingPa) > same * largest)
    .map((plateau) => ({
      startMs: (plateau.begin * 1000) / rateHz,
      endMs: (plateau.end * 1000) / rateHz,
      amplitudePa: tidy(plateau.levelPa),
      relativePa: tidy(plateau.levelPa - holdingPa),
    }));
}

/**
 * A measured current is restless from its first sample to its last: at both ends most neighbouring samples differ, and
 * the differences keep changing sign. A command is constant there, or moves smoothly.
 */
function isRecorded(current: Float32Array, rateHz: number): boolean {
  const size = Math.max(PROBE_SAMPLES, Math.round((PROBE_MS * rateHz) / 1000));
  return isNoisy(current.subarray(0, size)) && isNoisy(current.subarray(-size));
}

function isNoisy(values: Float32Array): boolean {
  let changes = 0;
  let turns = 0;
  let last = 0;
  for (let i = 1; i < values.length; i++) {
    const difference = values[i]! - values[i - 1]!;
    if (difference === 0) continue;
    changes++;
    if (difference * last < 0) turns++;
    last = difference;
  }
  return changes > 0.4 * values.length && turns > 0.25 * changes;
}

function durationOf(step: CurrentStep): number {
  return step.endMs - step.startMs;
}

/** A 32-bit float's value without its rounding: 170, not 169.99999. */
function tidy(pa: number): number {
  return Number(pa.toPrecision(6));
}
