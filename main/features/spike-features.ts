import { stepWindow, type FeatureDefinition, type FeatureInput, type FeatureSet } from './feature.ts';
import { halfWidthMs } from './half-width.ts';
import { detectSpikes, type Spike } from './spike-detection.ts';
import { mean, median, standardDeviation } from '../numeric/statistics.ts';

type Compute = (context: Context) => number;

interface Context {
  v: Float32Array | Float64Array;
  dtMs: number;
  startMs: number;
  durationMs: number;
  stepEnd: number;
  spikes: readonly Spike[];
  /** Interspike intervals in ms. */
  isis: readonly number[];
}

/** A pause this much shorter than the median interval belongs to a burst. */
const BURST_SHARE = 0.5;
/** Depolarisation block: no spike and above this voltage for this last share of the step. */
const BLOCK_MV = -40;
const BLOCK_SHARE = 0.25;
/** The fast after-hyperpolarisation is looked for this long after the peak. */
const FAST_AHP_MS = 5;

const blank = (): number => Number.NaN;
const perSpike = (value: (spike: Spike, context: Context) => number): Compute => {
  return (context) => {
    const values = context.spikes.map((spike) => value(spike, context));
    return mean(values.filter((one) => !Number.isNaN(one)));
  };
};
const withIntervals = (least: number, value: (isis: readonly number[]) => number): Compute => {
  return ({ isis }) => (isis.length >= least ? value(isis) : blank());
};

/** Every feature of the set with its computation; means are over the step's spikes for which the
 * quantity is defined (a last spike that the step's end cuts off has no half-width), and NaN without any. */
const features: readonly (FeatureDefinition & { of: Compute })[] = [
  {
    name: 'spikeCount',
    unit: '',
    description: 'Number of spikes during the step',
    of: (c) => c.spikes.length,
  },
  {
    name: 'meanRate',
    unit: 'Hz',
    description: 'Spikes per second of the step',
    of: (c) => (1000 * c.spikes.length) / c.durationMs,
  },
  {
    name: 'latency',
    unit: 'ms',
    description: 'From the step’s onset to the first spike’s threshold',
    of: (c) => (c.spikes[0] ? c.spikes[0].threshold * c.dtMs - c.startMs : blank()),
  },
  {
    name: 'firstIsi',
    unit: 'ms',
    description: 'First interspike interval',
    of: withIntervals(1, (i) => i[0]!),
  },
  { name: 'meanIsi', unit: 'ms', description: 'Mean interspike interval', of: withIntervals(1, mean) },
  {
    name: 'isiCv',
    unit: '',
    description: 'Standard deviation of the interspike intervals over their mean',
    of: withIntervals(1, (i) => standardDeviation(i) / mean(i)),
  },
  {
    name: 'adaptation',
    unit: '',
    description: 'Mean of (ISIₙ₊₁ − ISIₙ)/(ISIₙ₊₁ + ISIₙ)',
    of: withIntervals(2, (i) => mean(i.slice(1).map((isi, n) => (isi - i[n]!) / (isi + i[n]!)))),
  },
  {
    name: 'isiRatio',
    unit: '',
    description: 'Last interspike interval over the first',
    of: withIntervals(2, (i) => i.at(-1)! / i[0]!),
  },
  {
    name: 'burstCount',
    unit: '',
    description: 'Runs of interspike intervals shorter than half their median',
    of: ({ isis }) => burstCount(isis),
  },
  {
    name: 'threshold',
    unit: 'mV',
    description: 'Mean voltage at the spikes’ thresholds',
    of: perSpike((s, { v }) => v[s.threshold]!),
  },
  {
    name: 'peak',
    unit: 'mV',
    description: 'Mean voltage of the spikes’ peaks',
    of: perSpike((s, { v }) => v[s.peak]!),
  },
  {
    name: 'amplitude',
    unit: 'mV',
    description: 'Mean of peak − threshold',
    of: perSpike((s, { v }) => v[s.peak]! - v[s.threshold]!),
  },
  {
    name: 'halfWidth',
    unit: 'ms',
    description: 'Mean width at half of peak-to-trough',
    of: perSpike((s, { v, dtMs }) => halfWidthMs(v, dtMs, s)),
  },
  {
    name: 'maxUpstroke',
    unit: 'mV/ms',
    description: 'Mean of the spikes’ largest dV/dt',
    of: perSpike((s) => s.upstrokeMvPerMs),
  },
  {
    name: 'maxDownstroke',
    unit: 'mV/ms',
    description: 'Mean of the spikes’ most negative dV/dt',
    of: perSpike((s) => s.downstrokeMvPerMs),
  },
  {
    name: 'upDownRatio',
    unit: '',
    description: 'Mean of upstroke over |downstroke|',
    of: perSpike((s) => (s.downstrokeMvPerMs < 0 ? -s.upstrokeMvPerMs / s.downstrokeMvPerMs : blank())),
  },
  {
    name: 'ahpDepth',
    unit: 'mV',
    description: 'Mean of threshold − trough',
    of: perSpike((s, { v }) => v[s.threshold]! - v[s.trough]!),
  },
  {
    name: 'fastAhp',
    unit: 'mV',
    description: 'Mean of threshold − the lowest voltage within 5 ms of the peak',
    of: perSpike(
      (s, { v, dtMs, stepEnd }) => v[s.threshold]! - lowestAfter(v, s.peak, FAST_AHP_MS / dtMs, stepEnd),
    ),
  },
  {
    name: 'ahpTime',
    unit: 'ms',
    description: 'Mean time from peak to trough',
    of: perSpike((s, { dtMs }) => (s.trough - s.peak) * dtMs),
  },
  {
    name: 'interSpikeVoltage',
    unit: 'mV',
    description: 'Mean voltage from a spike’s trough to the next one’s threshold',
    of: (c) => interSpikeVoltage(c),
  },
  {
    name: 'depolarisationBlock',
    unit: '',
    description: '1 if the last quarter of the step has no spike and stays above −40 mV, else 0',
    of: (c) => depolarisationBlock(c),
  },
];

/** Spike features of a step (by the rule in spike-detection.ts); what needs spikes is NaN without them. */
export const spikeFeatures: FeatureSet = {
  name: 'spikes',
  definitions: features.map(({ name, unit, description }) => ({ name, unit, description })),
  compute(input, out, offset) {
    const context = contextOf(input);
    features.forEach((feature, i) => (out[offset + i] = feature.of(context)));
  },
};

function contextOf(input: FeatureInput): Context {
  const { voltageMv: v, dtMs } = input;
  const { stepBegin, stepEnd } = stepWindow(input);
  const spikes = detectSpikes(v, dtMs, stepBegin, stepEnd);
  return {
    v,
    dtMs,
    startMs: input.stepStartMs,
    durationMs: input.stepEndMs - input.stepStartMs,
    stepEnd,
    spikes,
    isis: spikes.slice(1).map((spike, n) => (spike.threshold - spikes[n]!.threshold) * dtMs),
  };
}

function burstCount(isis: readonly number[]): number {
  const limit = BURST_SHARE * median(isis);
  return isis.filter((isi, n) => isi < limit && !(n > 0 && isis[n - 1]! < limit)).length;
}

function lowestAfter(v: Context['v'], peak: number, samples: number, end: number): number {
  let lowest = v[peak]!;
  const last = Math.min(peak + Math.round(samples), end - 1);
  for (let i = peak; i <= last; i++) lowest = Math.min(lowest, v[i]!);
  return lowest;
}

function interSpikeVoltage({ v, spikes }: Context): number {
  return mean(spikes.slice(1).map((spike, n) => mean(v.subarray(spikes[n]!.trough, spike.threshold + 1))));
}

function depolarisationBlock({ v, dtMs, spikes, stepEnd, durationMs }: Context): number {
  const from = Math.max(0, stepEnd - Math.round((BLOCK_SHARE * durationMs) / dtMs));
  if ((spikes.at(-1)?.peak ?? -1) >= from) return 0;
  return v.subarray(from, stepEnd).every((value) => value > BLOCK_MV) ? 1 : 0;
}
