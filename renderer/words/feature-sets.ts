import type { FeatureSetName } from '../../main/contract/config.ts';

/** The feature sets that a fit can use, with plain advice. */
export const featureSetWords: readonly { name: FeatureSetName; title: string; advice: string }[] = [
  {
    name: 'moments',
    title: 'Moments',
    advice: 'Spike count, resting potential and the moments of the voltage: robust, good for a first fit.',
  },
  {
    name: 'spikes',
    title: 'Spikes',
    advice: 'Shape and timing of the action potentials: for sweeps that fire regularly.',
  },
  {
    name: 'subthreshold',
    title: 'Subthreshold',
    advice: 'Input resistance, time constant, sag: for steps that do not fire.',
  },
  {
    name: 'trace',
    title: 'Trace itself (R-MDN)',
    advice:
      'No features: a recurrent network reads voltage and current. For shapes that no feature names; slower to train.',
  },
  { name: 'all', title: 'All', advice: 'Everything above; many of them missing in most sweeps.' },
];
