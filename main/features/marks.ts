import type { FeatureMark } from '../contract/recording.ts';
import type { FeatureInput } from './feature.ts';
import { halfWidthSpan } from './half-width.ts';
import { detectSpikes, type Spike } from './spike-detection.ts';
import { chargingFromMs, chargingForMs, steadyShare } from './subthreshold-features.ts';

/** What the marks of a sweep's features are made from. */
interface Places {
  input: FeatureInput;
  spikes: readonly Spike[];
  /** ms of a sample. */
  at(sample: number): number;
}

type Marker = (places: Places) => FeatureMark[];

const stretch = (startMs: number, endMs: number): FeatureMark => ({ kind: 'stretch', startMs, endMs });
const before: Marker = ({ input }) => [stretch(0, input.stepStartMs)];
const during: Marker = ({ input }) => [stretch(input.stepStartMs, input.stepEndMs)];
/** The last tenth before the step, as the moments measure it. */
const restSpread: Marker = ({ input }) => [stretch(0.9 * input.stepStartMs, input.stepStartMs)];
const steady: Marker = ({ input: { stepStartMs, stepEndMs } }) => [
  stretch(stepEndMs - steadyShare * (stepEndMs - stepStartMs), stepEndMs),
];

function points(sampleOf: (spike: Spike) => number): Marker {
  return ({ input, spikes, at }) =>
    spikes.map((spike) => {
      const sample = sampleOf(spike);
      return { kind: 'point', timeMs: at(sample), voltageMv: input.voltageMv[sample]! };
    });
}

/** A level or upright line between two samples' times and voltages, for every spike. */
function lines(
  ends: (spike: Spike, v: FeatureInput['voltageMv']) => [number, number, number, number],
): Marker {
  return ({ input, spikes, at }) =>
    spikes.map((spike) => {
      const [from, startMv, to, endMv] = ends(spike, input.voltageMv);
      return { kind: 'line', startMs: at(from), startMv, endMs: at(to), endMv };
    });
}

const peaks = points((spike) => spike.peak);
const intervals: Marker = ({ input, spikes, at }) =>
  spikes.slice(1).map((spike, n) => {
    const level = input.voltageMv[spike.threshold]!;
    return {
      kind: 'line',
      startMs: at(spikes[n]!.threshold),
      startMv: level,
      endMs: at(spike.threshold),
      endMv: level,
    };
  });

const markers: Record<string, Marker> = {
  restMean: before,
  restStd: restSpread,
  stimMean: during,
  stimVar: during,
  stimSkew: during,
  stimKurt: during,
  spikeCount: peaks,
  meanRate: (places) => [...during(places), ...peaks(places)],
  burstCount: intervals,
  latency: ({ input, spikes: [first], at }) => {
    if (first === undefined) return [];
    const level = input.voltageMv[first.threshold]!;
    return [
      {
        kind: 'line',
        startMs: input.stepStartMs,
        startMv: level,
        endMs: at(first.threshold),
        endMv: level,
      },
    ];
  },
  firstIsi: (places) => intervals(places).slice(0, 1),
  meanIsi: intervals,
  isiCv: intervals,
  adaptation: intervals,
  isiRatio: (places) => {
    const all = intervals(places);
    return all.length < 2 ? all : [all[0]!, all.at(-1)!];
  },
  threshold: points((spike) => spike.threshold),
  peak: peaks,
  amplitude: lines(({ peak, threshold }, v) => [peak, v[threshold]!, peak, v[peak]!]),
  halfWidth: ({ input, spikes, at }) =>
    spikes.flatMap((spike) => {
      const span = halfWidthSpan(input.voltageMv, spike);
      if (span === null) return [];
      const { from, to, levelMv } = span;
      return [{ kind: 'line' as const, startMs: at(from), startMv: levelMv, endMs: at(to), endMv: levelMv }];
    }),
  maxUpstroke: points((spike) => spike.upstroke),
  maxDownstroke: points((spike) => spike.downstroke),
  upDownRatio: (places) => [
    ...points((spike) => spike.upstroke)(places),
    ...points((spike) => spike.downstroke)(places),
  ],
  ahpDepth: lines(({ threshold, trough }, v) => [trough, v[threshold]!, trough, v[trough]!]),
  fastAhp: ({ spikes, at }) => spikes.map(({ peak }) => stretch(at(peak), at(peak) + 5)),
  ahpTime: lines(({ peak, trough }, v) => [peak, v[trough]!, trough, v[trough]!]),
  interSpikeVoltage: ({ spikes, at }) =>
    spikes.slice(1).map((spike, n) => stretch(at(spikes[n]!.trough), at(spike.threshold))),
  depolarisationBlock: ({ input: { stepStartMs, stepEndMs } }) => [
    stretch(stepEndMs - 0.25 * (stepEndMs - stepStartMs), stepEndMs),
  ],
  steadyVoltage: steady,
  sag: (places) => [...steady(places), ...lowest(places)],
  inputResistance: (places) => [...before(places), ...steady(places)],
  timeConstant: ({ input: { stepStartMs, stepEndMs } }) => [
    stretch(stepStartMs + chargingFromMs, Math.min(stepEndMs, stepStartMs + chargingForMs)),
  ],
};

function lowest({ input, at }: Places): FeatureMark[] {
  const { voltageMv: v, dtMs, stepStartMs, stepEndMs } = input;
  let sample = Math.ceil(stepStartMs / dtMs);
  for (let i = sample; i < Math.min(v.length, stepEndMs / dtMs); i++) if (v[i]! < v[sample]!) sample = i;
  return v[sample] === undefined ? [] : [{ kind: 'point', timeMs: at(sample), voltageMv: v[sample] }];
}

/** Where in a trace each of these features is measured; none for a name that has no place. */
export function featureMarks(names: readonly string[], input: FeatureInput): FeatureMark[][] {
  const { voltageMv, dtMs, stepStartMs, stepEndMs } = input;
  const begin = Math.floor(stepStartMs / dtMs) + 1;
  const end = Math.min(voltageMv.length, Math.ceil(stepEndMs / dtMs));
  const places: Places = {
    input,
    spikes: detectSpikes(voltageMv, dtMs, begin, end),
    at: (sample) => sample * dtMs,
  };
  return names.map((name) => markers[name]?.(places) ?? []);
}
