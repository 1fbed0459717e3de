import type { FeatureSet } from './feature.ts';
import { moments } from './moments.ts';
import { spikeFeatures } from './spike-features.ts';
import { subthresholdFeatures } from './subthreshold-features.ts';

const parts = [subthresholdFeatures, spikeFeatures, moments];

/** For each part, which of its features are new: a name that an earlier part has is taken from there. */
const taken = new Set<string>();
const kept = parts.map((part) =>
  part.definitions.flatMap(({ name }, index) => {
    if (taken.has(name)) return [];
    taken.add(name);
    return [index];
  }),
);
const scratch = parts.map((part) => new Float64Array(part.definitions.length));

/** Subthreshold, spike and moment features together, each name once. */
export const allFeatures: FeatureSet = {
  name: 'all',
  definitions: parts.flatMap((part, p) => kept[p]!.map((index) => part.definitions[index]!)),
  compute(input, out, offset) {
    let at = offset;
    parts.forEach((part, p) => {
      part.compute(input, scratch[p]!, 0);
      for (const index of kept[p]!) out[at++] = scratch[p]![index]!;
    });
  },
};
