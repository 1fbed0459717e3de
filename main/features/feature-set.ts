import type { FeatureSetName } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import type { FeatureSet } from './feature.ts';
import { moments } from './moments.ts';

export type { FeatureDefinition, FeatureInput, FeatureSet } from './feature.ts';

const sets: Partial<Record<FeatureSetName, FeatureSet>> = { moments };

/** The feature set of that name. */
export function featureSet(name: FeatureSetName): FeatureSet {
  const set = sets[name];
  if (set !== undefined) return set;
  throw new AppError('not-yet', `The feature set «${name}» is not in this version.`, {
    remedy: `Choose one of: ${Object.keys(sets).join(', ')}.`,
    details: { set: name },
  });
}
