import type { PriorPreview } from '../../main/contract/model.ts';
import { count } from '../../main/figures/number.ts';

/** As many spikes as the recording, or within this share of them. */
const near = 0.25;

/** «9 of 20 draws spike, 3 like the data (6 spikes, ±2); 1 is bad and would be set aside.» */
export function previewWords({ draws, observedSpikes }: PriorPreview): string {
  const spikes = draws.map((draw) => draw.spikes);
  const good = spikes.filter((number) => number !== null);
  const bad = spikes.length - good.length;
  const spiking = good.filter((number) => number > 0).length;
  const ended = bad === 0 ? '' : `; ${count(bad)} ${bad === 1 ? 'is' : 'are'} bad and would be set aside`;
  const of = `${count(spiking)} of ${count(spikes.length)} draws ${spiking === 1 ? 'spikes' : 'spike'}`;
  if (observedSpikes === 0) return `${of}; the recording does not${ended}.`;
  const margin = Math.max(1, Math.round(near * observedSpikes));
  const like = good.filter((number) => Math.abs(number - observedSpikes) <= margin && number > 0).length;
  const recorded = observedSpikes === 1 ? '1 spike' : `${count(observedSpikes)} spikes`;
  return `${of}, ${like === 0 ? 'none' : count(like)} like the data (${recorded}, ±${margin})${ended}.`;
}
