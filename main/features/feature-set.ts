import type { FeatureSetName } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import { allFeatures } from './all-features.ts';
import type { FeatureSet } from './feature.ts';
import { moments } from './moments.ts';
import { spikeFeatures } from './spike-features.ts';
import { subthresholdFeatures } from './subthreshold-features.ts';
import { traceFeatures, type TraceBins } from './trace.ts';

export type { FeatureDefinition, FeatureInput, FeatureSet } from './feature.ts';

const sets: Record<Exclude<FeatureSetName, 'trace'>, FeatureSet> = {
  moments,
  spikes: spikeFeatures,
  subthreshold: subthresholdFeatures,
  all: allFeatures,
};

/**
 * The feature set of that name.
 * @param bins of the set `trace`, which has as many features as the trace has bins
 * @throws AppError usage for the set `trace` without bins
 */
export function featureSet(name: FeatureSetName, bins: TraceBins | null = null): FeatureSet {
  const set = name === 'trace' ? bins && traceFeatures(bins) : sets[name];
  if (set !== null) return set;
  throw new AppError('usage', 'The set «trace» is the voltage itself: it has no list of features.', {
    remedy: `Fit or simulate with it, or choose one of: ${Object.keys(sets).join(', ')}.`,
    details: { set: name },
  });
}
