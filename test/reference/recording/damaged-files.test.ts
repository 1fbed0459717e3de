import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../../../main/recording/recording.ts';

/** One HDF5 hazard a file; made for these tests (README.md beside them). None may hang, and none may give zeros. */
const path = (name: string) => join(import.meta.dirname, `../data/recordings/damaged/${name}.nwb`);

describe('damaged and unusual files', () => {
  it.each([
    [
      'external_link',
      'format-unsupported',
      /link into another file, missing\.nwb/,
      /Put missing\.nwb beside it/,
    ],
    ['external_raw', 'format-unsupported', /lie in another file/, /self-contained/],
    ['float16', 'format-unsupported', /16-bit floating-point/, /32-bit floats/],
    ['lzf', 'format-unsupported', /compressed with LZF/, /gzip/],
    ['notes', 'format-unsupported', /text file without rows of numbers/, /NWB/],
    ['trunc', 'file-unreadable', /truncated/, /again/],
  ])('refuses %s, naming the file, the cause and a remedy', async (name, code, cause, remedy) => {
    await expect(openRecording(path(name))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(cause) as string,
      remedy: expect.stringMatching(remedy) as string,
      details: { file: path(name) },
    });
    await expect(openRecording(path(name))).rejects.toThrow(path(name));
  });

  it('reads 16-bit integers with their conversion and offset', async () => {
    const recording = await openRecording(path('int16_conv_offset_nan'));
    const { voltageMv } = await recording.readSweep(recording.summary.sweeps[0]!.sweep);
    await recording.close();
    // −1297 · 5·10⁻⁵ V + 10⁻³ V, as h5py shows the stored integers and attributes
    expect(voltageMv).toHaveLength(200_000);
    [-63.85, -64.1, -63.35, -63.85, -64.5].forEach((mv, i) => expect(voltageMv[i]).toBeCloseTo(mv, 4));
    expect(recording.summary.sweeps[0]!.voltageMv!.min).toBeCloseTo(-68.55, 4);
    expect(recording.summary.sweeps[0]!.reason).toMatch(/no stimulus/);
  });

  it.each([
    ['bigendian', 200_000],
    ['szip', 200_000],
    ['userblock', 1000],
  ])('reads %s correctly and notices that its unit is wrong', async (name, samples) => {
    const recording = await openRecording(path(name));
    const [sweep] = recording.summary.sweeps;
    const { voltageMv } = await recording.readSweep(sweep!.sweep);
    await recording.close();
    expect(voltageMv).toHaveLength(samples);
    // h5py: −64.87427, −65.13210, −64.35958 «volts»; 0.01 mV is what a 32-bit float resolves at 65 V
    [-64_874.27, -65_132.1, -64_359.58].forEach((mv, i) =>
      expect(Math.abs(voltageMv[i]! - mv)).toBeLessThan(0.02),
    );
    expect(sweep).toMatchObject({
      usable: false,
      reason: expect.stringMatching(/unit must be wrong/) as string,
    });
    expect(recording.summary.warnings.map(({ code }) => code)).toContain('implausible-units');
  });
});
