import { describe, expect, it } from 'vitest';
import { unitsAsStated, type UnitFactors } from '../../../main/contract/recording.ts';
import { openRecording } from '../../../main/recording/recording.ts';
import { passiveVoltage, stepCurrent, writeNwb, type FixtureSeries } from './nwb-fixture.ts';

/** A cell at −70 mV that 100 pA depolarise by 10 mV, as a writer could have stored it. */
const current = stepCurrent(3000, 50, 250, 100);
const voltage = passiveVoltage(current, 100, 10);
type Written = Pick<FixtureSeries, 'unit' | 'conversion'>;

let files = 0;
async function recordingOf(response: Written, stimulus: Written, units?: UnitFactors) {
  const path = await writeNwb(`units-${files++}.nwb`, [
    { name: 'sweep_0_response', type: 'CurrentClampSeries', data: voltage, rateHz: 10_000, ...response },
    {
      folder: 'stimulus/presentation',
      name: 'sweep_0_stimulus',
      type: 'CurrentClampStimulusSeries',
      data: current,
      rateHz: 10_000,
      ...stimulus,
    },
  ]);
  const recording = await openRecording(
    path,
    units === undefined ? {} : { reading: { ...units, givenStep: null, mapping: null } },
  );
  await recording.close();
  return recording;
}
const millivolts = { unit: 'volts', conversion: 1e-3 };
const picoamperes = { unit: 'amperes', conversion: 1e-12 };
const codes = ({ summary }: Awaited<ReturnType<typeof recordingOf>>) =>
  summary.warnings.map(({ code }) => code);

describe('the units of a file', () => {
  it('are believed where the values are those of a cell', async () => {
    const recording = await recordingOf(millivolts, picoamperes);
    expect(recording.likelyUnits).toEqual(unitsAsStated);
    expect(codes(recording)).toEqual(['liquid-junction-potential']);
  });

  it.each([
    ['volts labelled as millivolts', { unit: 'mV', conversion: 1e-3 }, 1000],
    ['millivolts labelled as volts', { unit: 'volts', conversion: 1 }, 0.001],
    ['millivolts labelled as picoamperes', { unit: 'pA', conversion: 1 }, 1],
    ['volts labelled as amperes', { unit: 'amperes', conversion: 1e-3 }, 1e-9],
  ])('are mended by one factor: %s', async (_, response, voltageFactor) => {
    const wrong = await recordingOf(response, picoamperes);
    expect(wrong.likelyUnits).toEqual({ voltageFactor, currentFactor: null });
    expect(codes(wrong)).toContain('implausible-units');
    const mended = await recordingOf(response, picoamperes, wrong.likelyUnits);
    expect(mended.summary.sweeps[0]).toMatchObject({ usable: true });
    expect(mended.summary.sweeps[0]!.voltageMv!.max).toBeCloseTo(-60, 3);
    expect(codes(mended)).toEqual(['liquid-junction-potential']);
  });

  it.each([
    ['amperes labelled as picoamperes', { unit: 'pA', conversion: 1e-12 }, 1e12],
    ['nanoamperes labelled as picoamperes', { unit: 'pA', conversion: 1e-3 }, 1000],
    ['picoamperes labelled as amperes', { unit: 'amperes', conversion: 1 }, 1e-12],
  ])('are mended in the current too: %s', async (_, stimulus, currentFactor) => {
    const wrong = await recordingOf(millivolts, stimulus);
    expect(wrong.likelyUnits).toEqual({ voltageFactor: null, currentFactor });
    expect(codes(wrong)).toContain('implausible-units');
    const mended = await recordingOf(millivolts, stimulus, wrong.likelyUnits);
    expect(mended.summary.sweeps[0]!.current.steps[0]!.amplitudePa).toBeCloseTo(100, 3);
    expect(codes(mended)).toEqual(['liquid-junction-potential']);
  });

  it('are told to be wrong, without a factor, where no power of 1000 helps', async () => {
    const recording = await recordingOf({ unit: 'volts', conversion: 0.07 }, picoamperes);
    expect(recording.likelyUnits).toEqual(unitsAsStated);
    const warning = recording.summary.warnings.find(({ code }) => code === 'implausible-units')!;
    expect(warning.message).toMatch(/^Sweep 0: values beyond 200 mV or 20 nA occur/);
  });

  it('say what was likely taken for what, and how the command line mends it', async () => {
    const { summary } = await recordingOf({ unit: 'mV', conversion: 1e-3 }, picoamperes);
    const warning = summary.warnings.find(({ code }) => code === 'implausible-units')!;
    expect(warning.message).toMatch(
      /^The voltages average −0\.06\d+ mV, which no cell does: volts look to be labelled as millivolts\.$/,
    );
    expect(warning.remedy).toMatch(/^Set cell\.voltageFactor to 1000 to read them as −6\d(\.\d)? mV\.$/);
  });
});
