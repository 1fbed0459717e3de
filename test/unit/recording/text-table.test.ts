import { describe, expect, it } from 'vitest';
import { asStated, type TraceMapping } from '../../../main/contract/recording.ts';
import { parseMapping } from '../../../main/recording/mapping-text.ts';
import { openRecording } from '../../../main/recording/recording.ts';
import { currentPa, tableText, voltageMv, writeText } from './table-fixture.ts';

const open = async (path: string, map?: string) => {
  const mapping: TraceMapping | null = map === undefined ? null : parseMapping(map);
  const recording = await openRecording(path, { reading: { ...asStated, mapping } });
  const sweeps = await Promise.all(recording.summary.sweeps.map(({ sweep }) => recording.readSweep(sweep)));
  await recording.close();
  return { summary: recording.summary, likely: recording.likelyUnits, sweeps };
};
const row = (i: number) => [(i * 0.1).toFixed(1), voltageMv[i]!, currentPa[i]!];

describe('a text file of columns', () => {
  it('is read by the units in its header, number by number', async () => {
    const path = writeText('clear.csv', tableText('time (ms),Vm [mV],I_inj (pA)', row));
    const { summary, sweeps } = await open(path);
    expect(summary.format).toBe('CSV');
    expect(summary.sweeps).toMatchObject([
      {
        usable: true,
        rateHz: 10_000,
        samples: 1200,
        current: { holdingPa: 10, steps: [{ startMs: 30, endMs: 90 }] },
      },
    ]);
    expect(sweeps[0]!.voltageMv).toEqual(voltageMv);
    expect(sweeps[0]!.currentPa).toEqual(currentPa);
    expect(summary.warnings).toContainEqual(
      expect.objectContaining({
        code: 'columns-read',
        message: expect.stringContaining('time=time (ms):ms') as string,
      }),
    );
  });

  it.each([
    ['semicolons and decimal commas', ';', (cell: number | string) => String(cell).replace('.', ',')],
    ['tabs', '\t', String],
    ['tabs and decimal commas', '\t', (cell: number | string) => String(cell).replace('.', ',')],
  ])('is read with %s, and Windows’ line ends', async (_, delimiter, written) => {
    const text = tableText(['Zeit (ms)', 'V (mV)', 'I (pA)'].join(delimiter), (i) => row(i).map(written), {
      delimiter,
    });
    const { sweeps, summary } = await open(writeText('foreign.csv', text.replaceAll('\n', '\r\n')));
    expect(summary.sweeps[0]!.rateHz).toBe(10_000);
    expect(sweeps[0]!.voltageMv).toEqual(voltageMv);
  });

  it('is read below the header of an Axon text file', async () => {
    const head =
      'ATF\t1.0\n1\t3\n"AcquisitionMode=Episodic Stimulation"\n"Time (s)"\t"Trace #1 (mV)"\t"Trace #2 (nA)"';
    const cells = (i: number) => [(i * 1e-4).toFixed(4), voltageMv[i]!, currentPa[i]! / 1000];
    const { sweeps } = await open(writeText('episodes.atf', tableText(head, cells, { delimiter: '\t' })));
    expect(sweeps[0]!.voltageMv).toEqual(voltageMv);
    expect(sweeps[0]!.currentPa![500]).toBeCloseTo(80, 4);
  });

  it('takes a column of voltage a sweep, with a column of current each or one for all', async () => {
    const each = tableText('t (s),V1 (V),V2 (V),I1 (nA),I2 (nA)', (i) => [
      ...[(i * 1e-4).toFixed(4), voltageMv[i]! / 1e3, (voltageMv[i]! - 1) / 1e3],
      ...[currentPa[i]! / 1e3, currentPa[i]! / 500],
    ]);
    const path = writeText('sweeps.csv', each);
    const { sweeps } = await open(path);
    expect(sweeps.map((one) => one.currentPa![500])).toEqual([80, 160]);
    expect(sweeps[1]!.voltageMv[0]).toBeCloseTo(-71, 4);
    const one = await open(path, 'rate=10kHz,voltage=V*:V,current=I1:nA');
    expect(one.sweeps.map(({ currentPa: pa }) => pa![500])).toEqual([80, 80]);
  });

  it('without a header tells its columns by their numbers, and asks with an example that works', async () => {
    const text = tableText('', (i) => [i * 1e-4, voltageMv[i]!, currentPa[i]!], { delimiter: ' ' });
    const path = writeText('bare.txt', text);
    const refused = open(path);
    await expect(refused).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining('“1”, “2”, “3”') as string,
      remedy: expect.stringContaining('--map "time=1:s,voltage=2:mV,current=3:pA"') as string,
    });
    const { sweeps } = await open(path, 'time=1:s,voltage=2:mV,current=3:pA');
    expect(sweeps[0]!.voltageMv).toEqual(voltageMv);
  });

  it('says that volts look to be labelled as millivolts, and what would mend it', async () => {
    const text = tableText('time (ms),Vm (mV),I (pA)', (i) => [i / 10, voltageMv[i]! / 1000, currentPa[i]!]);
    const { likely } = await open(writeText('volts.csv', text));
    expect(likely.voltageFactor).toBe(1000);
  });

  it('without a current leaves its sweep to a given step', async () => {
    const path = writeText(
      'alone.csv',
      tableText('time (ms),Vm (mV)', (i) => row(i).slice(0, 2)),
    );
    const { summary } = await open(path);
    expect(summary.sweeps[0]!.reason).toMatch(/no stimulus/);
    const givenStep = { startMs: 30, endMs: 90, amplitudePa: 70, incrementPa: 0 };
    const mended = await openRecording(path, { reading: { ...asStated, givenStep } });
    await mended.close();
    expect(mended.summary.sweeps[0]!.usable).toBe(true);
  });

  it.each([
    ['a missing cell', [12, '1.2,,10'], /line 14.*has no value/],
    ['a short line', [12, '1.2'], /line 14.*has no value/],
    ['NaN', [12, '1.2,NaN,10'], /line 14.*“NaN”/],
    ['words', [12, '1.2,-70,off'], /line 14.*“off”/],
    ['a hole in the time', [12, '1.27,-70,10'], /line 14.*goes from 1\.1 to 1\.27/],
    ['an empty line', [12, ''], /line 14.*empty line/],
  ] as const)('refuses %s with its line, and gives no zeros as data', async (_, [at, line], message) => {
    const text = tableText('time (ms),Vm (mV),I (pA)', (i) => (i === at ? [line] : row(i)));
    await expect(open(writeText('hole.csv', text))).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringMatching(message) as string,
      details: { line: 14 },
    });
  });

  it('refuses text without numbers, and columns that are not there', async () => {
    await expect(open(writeText('notes.txt', 'Cell 3 was lost.\n'))).rejects.toMatchObject({
      code: 'format-unsupported',
    });
    const path = writeText('named.csv', tableText('time (ms),Vm (mV),I (pA)', row));
    await expect(open(path, 'time=t:ms,voltage=Vm:mV')).rejects.toMatchObject({
      message: expect.stringContaining('no column “t”') as string,
    });
  });
});
