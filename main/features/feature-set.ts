import type { FeatureSetName } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import { allFeatures } from './all-features.ts';
import type { FeatureSet } from './feature.ts';
import { moments } from './moments.ts';
import { spikeFeatures } from './spike-features.ts';
import { subthresholdFeatures } from './subthreshold-features.ts';

export type { FeatureDefinition, FeatureInput, FeatureSet } from './feature.ts';

const sets: Partial<Record<FeatureSetName, FeatureSet>> = {
  moments,
  spikes: spikeFeatures,
  subthreshold: subthresholdFeatures,
  all: allFeatures,
};

/** The feature set of that name. */
export function featureSet(name: FeatureSetName): FeatureSet {
  const set = sets[name];
  if (set !== undefined) return set;
  throw new AppError('not-yet', `The feature set «${name}» is not in this version.`, {
    remedy: `Choose one of: ${Object.keys(sets).join(', ')}.`,
    details: { set: name },
  });
}
