/** How a feature is computed, exactly, and where it is not defined. */
export interface ExactDefinition {
  rule: string;
  /** When it is missing; null = never. */
  missing: string | null;
}

const needs = (spikes: number): string =>
  ['', 'No spike', 'Fewer than two spikes', 'Fewer than three spikes'][spikes]!;
const rested = 'No sample before the step';
const inside = 'No sample in the step';

/**
 * The exact definition of every feature that a set or a family of sweeps has, by name: shown beside it in the interface and written
 * into docs/features.md. «The step» is the sweep’s main step; samples lie in it where start < t < end.
 */
const definitions: Readonly<Record<string, ExactDefinition>> = {
  restMean: { rule: 'Mean of V over all samples before the step.', missing: rested },
  restStd: {
    rule: 'Standard deviation (n in the denominator) of V over the last tenth before the step.',
    missing: rested,
  },
  spikeCount: {
    rule: 'Spikes in the step. In the set moments they are found by its own rule: local peaks above −10 mV, those within .5 ms of each other being one.',
    missing: null,
  },
  meanRate: { rule: 'spikeCount divided by the duration of the step.', missing: null },
  latency: { rule: 'Time of the first spike’s threshold minus the onset of the step.', missing: needs(1) },
  firstIsi: { rule: 'Time from the first spike’s threshold to the second one’s.', missing: needs(2) },
  meanIsi: {
    rule: 'Mean of the intervals between neighbouring spikes, from threshold to threshold.',
    missing: needs(2),
  },
  isiCv: {
    rule: 'Standard deviation (n in the denominator) of the interspike intervals over their mean; 0 with one interval.',
    missing: needs(2),
  },
  adaptation: {
    rule: 'Mean over neighbouring intervals of (ISIₙ₊₁ − ISIₙ)/(ISIₙ₊₁ + ISIₙ).',
    missing: needs(3),
  },
  isiRatio: { rule: 'Last interspike interval over the first.', missing: needs(3) },
  burstCount: {
    rule: 'Number of runs of neighbouring interspike intervals that are each shorter than half of the median interval.',
    missing: null,
  },
  threshold: {
    rule: 'Mean over spikes of V at the threshold: the last sample before the steepest upstroke at which dV/dt is at most 5 % of the mean of all spikes’ steepest upstrokes.',
    missing: needs(1),
  },
  peak: { rule: 'Mean over spikes of the highest V before the next spike begins.', missing: needs(1) },
  amplitude: { rule: 'Mean over spikes of V at the peak − V at the threshold.', missing: needs(1) },
  halfWidth: {
    rule: 'Mean over spikes of the time above the level halfway from peak to trough, between linearly interpolated crossings; where that level lies below the threshold, or the trough above it, halfway from peak to threshold.',
    missing: `${needs(1)}, or none that comes down to the level`,
  },
  maxUpstroke: {
    rule: 'Mean over spikes of the largest dV/dt up to the peak, after a 10 kHz low-pass where the sampling exceeds 20 kHz.',
    missing: needs(1),
  },
  maxDownstroke: {
    rule: 'Mean over spikes of the most negative dV/dt between peak and trough, after the same low-pass.',
    missing: needs(1),
  },
  upDownRatio: {
    rule: 'Mean over spikes of the largest dV/dt over the size of the most negative one.',
    missing: needs(1),
  },
  ahpDepth: {
    rule: 'Mean over spikes of V at the threshold − V at the trough, the lowest point before the next spike’s threshold or the end of the step.',
    missing: needs(1),
  },
  fastAhp: {
    rule: 'Mean over spikes of V at the threshold − the lowest V within 5 ms after the peak, in the step.',
    missing: needs(1),
  },
  ahpTime: { rule: 'Mean over spikes of the time from the peak to the trough.', missing: needs(1) },
  interSpikeVoltage: {
    rule: 'Mean over intervals of the mean V from a spike’s trough to the next one’s threshold.',
    missing: needs(2),
  },
  steadyVoltage: { rule: 'Mean of V over the last tenth of the step.', missing: inside },
  sag: {
    rule: '(steadyVoltage − Vmin)/(restMean − Vmin), Vmin being the lowest V in the step.',
    missing: 'Steps that do not hyperpolarise, or do not lower V',
  },
  inputResistance: {
    rule: '(steadyVoltage − restMean) over the step’s current, relative to the holding current. In MΩ for a recording, in kΩ·cm² for a simulation.',
    missing: 'No current',
  },
  timeConstant: {
    rule: 'τ of the least-squares fit of V∞ + (V₀ − V∞)e^{−t/τ} to V from .5 ms after the onset to its extreme in the current’s direction, within 150 ms of the onset.',
    missing: 'R² below .85, τ outside .5 … 200 ms, or a response below .5 mV',
  },
  depolarisationBlock: {
    rule: '1 where the last quarter of the step has no spike and every sample there lies above −40 mV, else 0.',
    missing: null,
  },
  stimMean: { rule: 'Mean m of V in the step.', missing: inside },
  stimVar: { rule: 'm₂ = Σ(V − m)²/n in the step.', missing: inside },
  stimSkew: { rule: 'm₃/m₂^{3/2} in the step, with m₃ = Σ(V − m)³/n.', missing: 'A constant V' },
  stimKurt: { rule: 'm₄/m₂² in the step, with m₄ = Σ(V − m)⁴/n; 3 for a Gaussian.', missing: 'A constant V' },
  rheobase: {
    rule: 'The smallest depolarising step current, relative to the holding current, with a spike in the step.',
    missing: 'No depolarising step with a spike',
  },
  fiSlope: {
    rule: 'Slope of the straight line fitted by least squares to meanRate against the step’s current, over the depolarising sweeps that spike and are not in depolarisation block.',
    missing: 'Fewer than two such currents',
  },
  ivResistance: {
    rule: 'R of the least-squares fit of ΔV = R·I, a straight line through the origin, over the sweeps’ hyperpolarising steps without a spike; ΔV = steadyVoltage − restMean of that step.',
    missing: 'No such step',
  },
  stepTimeConstant: {
    rule: 'Median of timeConstant over the sweeps’ hyperpolarising steps that have one.',
    missing: 'None of them has one',
  },
  deepestSag: {
    rule: 'Median of sag over the hyperpolarising steps whose current is within 5 % of the largest.',
    missing: 'No hyperpolarising step',
  },
};

/** @throws RangeError for a name that no set has: a feature without a definition is a fault of the program */
export function exactDefinition(name: string): ExactDefinition {
  const found = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  if (found === undefined) throw new RangeError(`The feature ${name} has no definition.`);
  return found;
}

/** The names that are defined here. */
export const definedNames: readonly string[] = Object.keys(definitions);

/** Rule and exceptions in one text. */
export function definitionText(name: string): string {
  const { rule, missing } = exactDefinition(name);
  return missing === null ? rule : `${rule} Missing: ${missing[0]!.toLowerCase()}${missing.slice(1)}.`;
}
