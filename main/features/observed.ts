import { AppError } from '../contract/errors.ts';
import type { CurrentStep, FamilyFeature, FeatureValue, LocatedFeature } from '../contract/recording.ts';
import type { Recording } from '../recording/recording.ts';
import { mainStep } from '../recording/stimulus.ts';
import { allFeatures } from './all-features.ts';
import { definitionText } from './definitions.ts';
import { familyFeatures, stepFamily, type StepResponse } from './family-features.ts';
import type { FeatureInput, FeatureSet } from './feature.ts';
import { featureMarks } from './marks.ts';
import { missingBecause } from './missing.ts';
import { spikeCountOf } from './spike-count.ts';

/**
 * The features of a recorded sweep, measured about its main step (the longest). `liquidJunctionMv` is added to the voltage.
 *
 * @throws AppError `not-found` for an unknown sweep, `recording-unusable` for one that cannot be measured.
 */
export async function featureValues(
  recording: Recording,
  sweep: number,
  set: FeatureSet,
  liquidJunctionMv: number,
): Promise<FeatureValue[]> {
  return measured(set, await featureInput(recording, sweep, liquidJunctionMv));
}

/** The same with the places in the trace that each was measured at. */
export async function locatedFeatures(
  recording: Recording,
  sweep: number,
  set: FeatureSet,
  liquidJunctionMv: number,
): Promise<LocatedFeature[]> {
  const input = await featureInput(recording, sweep, liquidJunctionMv);
  const values = measured(set, input);
  const marks = featureMarks(
    values.map(({ name }) => name),
    input,
  );
  return values.map((value, i) => ({
    ...value,
    definition: definitionText(value.name),
    marks: value.value === null ? [] : marks[i]!,
  }));
}

/**
 * The features of the recording's family of steps: its usable sweeps, or the given ones of them, whose main steps last equally long.
 */
export async function observedFamily(
  recording: Recording,
  liquidJunctionMv: number,
  sweeps: readonly number[] | null = null,
): Promise<FamilyFeature[]> {
  const chosen = recording.summary.sweeps.filter(
    ({ usable, sweep }) => usable && (sweeps === null || sweeps.includes(sweep)),
  );
  const main: StepResponse[] = [];
  const hyperpolarising: StepResponse[] = [];
  for (const summary of chosen) {
    const { sweep, current } = summary;
    const input = await featureInput(recording, sweep, liquidJunctionMv);
    main.push(responseOf(sweep, input));
    const step = hyperpolarisingStep(current.steps);
    if (step !== null) hyperpolarising.push(responseOf(sweep, about(input, step)));
  }
  return familyFeatures(stepFamily(main), stepFamily(hyperpolarising));
}

/** A test pulse must last this long to show the membrane's charging. */
const shortestPulseMs = 50;

/** The first hyperpolarising step, where nothing but the holding current came before it: rest is measured there. */
function hyperpolarisingStep(steps: readonly CurrentStep[]): CurrentStep | null {
  const first = steps[0];
  return first !== undefined && first.relativePa < 0 && first.endMs - first.startMs >= shortestPulseMs
    ? first
    : null;
}

function about(input: FeatureInput, { startMs, endMs, relativePa }: CurrentStep): FeatureInput {
  return { ...input, stepStartMs: startMs, stepEndMs: endMs, stepAmplitude: relativePa };
}

function responseOf(sweep: number, input: FeatureInput): StepResponse {
  const values = new Float64Array(allFeatures.definitions.length);
  allFeatures.compute(input, values, 0);
  return {
    sweep,
    stepPa: input.stepAmplitude,
    stepMs: input.stepEndMs - input.stepStartMs,
    feature: (name) => values[allFeatures.definitions.findIndex((one) => one.name === name)]!,
  };
}

/** What the features of a recorded sweep are computed from: its voltage and its main step. */
export async function featureInput(
  recording: Recording,
  sweep: number,
  liquidJunctionMv: number,
): Promise<FeatureInput> {
  const summary = recording.summary.sweeps.find((known) => known.sweep === sweep);
  if (!summary) {
    throw new AppError('not-found', `${recording.file} has no sweep ${sweep}.`, {
      remedy: `Its sweeps are ${recording.summary.sweeps.map((known) => known.sweep).join(', ')}.`,
      details: { file: recording.file, sweep },
    });
  }
  const step = mainStep(summary.current.steps);
  if (!summary.usable || step === null) {
    const reason = summary.reason ?? 'It has no current step.';
    throw new AppError(
      'recording-unusable',
      `Sweep ${sweep} of ${recording.file} cannot be measured. ${reason}`,
      {
        remedy: 'Choose another sweep.',
        details: { file: recording.file, sweep },
      },
    );
  }
  const data = await recording.readSweep(sweep);
  return {
    voltageMv: data.voltageMv.map((v) => v + liquidJunctionMv),
    dtMs: 1000 / data.rateHz,
    stepStartMs: step.startMs,
    stepEndMs: step.endMs,
    stepAmplitude: step.relativePa,
  };
}

function measured(set: FeatureSet, input: FeatureInput): FeatureValue[] {
  const values = new Float64Array(set.definitions.length);
  set.compute(input, values, 0);
  const spikes = spikeCountOf(set, values, input);
  return set.definitions.map(({ name, unit, description, recorded }, index) => {
    const value = values[index]! * (recorded?.factor ?? 1);
    const missing = Number.isNaN(value);
    return {
      name,
      unit: recorded?.unit ?? unit,
      value: missing ? null : value,
      description,
      missingBecause: missing ? missingBecause(name, spikes) : null,
    };
  });
}
