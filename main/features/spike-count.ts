import type { FeatureInput, FeatureSet } from './feature.ts';
import { spikeTimesMs } from './moments.ts';

/**
 * Spikes during the step as a feature set counts them; by the moments' rule where it has no such feature. NaN without a step.
 * @param values what the set computed of the trace
 */
export function spikeCountOf(set: FeatureSet, values: Float64Array, input: FeatureInput): number {
  const place = set.definitions.findIndex(({ name }) => name === 'spikeCount');
  return place >= 0 ? values[place]! : spikeTimesMs(input).length;
}
