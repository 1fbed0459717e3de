import { afterAll, beforeAll, expect, it } from 'vitest';
import { featureSet } from '../../../main/features/feature-set.ts';
import { missingBecause } from '../../../main/features/missing.ts';
import { locatedFeatures } from '../../../main/features/observed.ts';
import { locatedFeatureSchema, type FeatureMark } from '../../../main/contract/recording.ts';
import { openRecording, type Recording } from '../../../main/recording/recording.ts';
import { exampleRecording } from '../../../main/shell/app-root.ts';

/** On the bundled recording: a step from 100 to 600 ms, with six spikes in sweep 4 and none in the hyperpolarised sweep 0. */
let recording: Recording;
beforeAll(async () => {
  recording = await openRecording(exampleRecording()!);
});
afterAll(() => recording.close());

const located = async (sweep: number, liquidJunctionMv = 0) =>
  new Map(
    (await locatedFeatures(recording, sweep, featureSet('all'), liquidJunctionMv)).map((feature) => [
      feature.name,
      locatedFeatureSchema.parse(feature),
    ]),
  );
const lengths = (marks: readonly FeatureMark[]) =>
  marks.map((mark) => (mark.kind === 'point' ? 0 : mark.endMs - mark.startMs));

it('marks places that measure the feature’s own value', async () => {
  const features = await located(4);
  const marks = (name: string) => features.get(name)!.marks;
  const value = (name: string) => features.get(name)!.value!;
  const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  expect(marks('spikeCount')).toHaveLength(6);
  expect(lengths(marks('latency'))[0]).toBeCloseTo(value('latency'), 6);
  expect(lengths(marks('firstIsi'))[0]).toBeCloseTo(value('firstIsi'), 6);
  expect(mean(lengths(marks('meanIsi')))).toBeCloseTo(value('meanIsi'), 6);
  expect(mean(lengths(marks('halfWidth')))).toBeCloseTo(value('halfWidth'), 6);
  expect(mean(lengths(marks('ahpTime')))).toBeCloseTo(value('ahpTime'), 6);
  const heights = marks('amplitude').map((mark) => (mark.kind === 'line' ? mark.endMv - mark.startMv : 0));
  expect(mean(heights)).toBeCloseTo(value('amplitude'), 4);
  const peaks = marks('peak').map((mark) => (mark.kind === 'point' ? mark.voltageMv : 0));
  expect(mean(peaks)).toBeCloseTo(value('peak'), 4);
  expect(marks('restMean')).toEqual([{ kind: 'stretch', startMs: 0, endMs: expect.closeTo(100, 0) }]);
});

it('marks every feature that has a value, and none that is missing', async () => {
  for (const sweep of [0, 4]) {
    for (const [name, { value, marks }] of await located(sweep)) {
      const isCountOfNone = value === 0 && /Count|Rate/.test(name);
      if (!isCountOfNone) expect([name, marks.length > 0]).toEqual([name, value !== null]);
    }
  }
});

it('lifts voltages by the junction potential, and no time', async () => {
  const [plain, corrected] = [await located(4), await located(4, -14)];
  const first = (features: typeof plain) => {
    const [mark] = features.get('peak')!.marks;
    return mark?.kind === 'point' ? mark : { timeMs: Number.NaN, voltageMv: Number.NaN };
  };
  expect(first(corrected).timeMs).toBe(first(plain).timeMs);
  expect(first(corrected).voltageMv).toBeCloseTo(first(plain).voltageMv - 14, 4);
});

it('says what a missing feature lacks', async () => {
  const silent = await located(0);
  expect(silent.get('latency')!.missingBecause).toBe(
    'It is not defined without one spike; the step has no spike.',
  );
  expect(missingBecause('adaptation', 2)).toBe(
    'It is not defined without three spikes; the step has two spikes.',
  );
  expect((await located(4)).get('sag')!.missingBecause).toContain('hyperpolarising');
  expect(missingBecause('unheardOf', 0)).toBe('It is not defined for this sweep.');
});
