import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitted, inferred, type Fitted } from './fitted.ts';
import { pythonEnvironment } from './python.ts';

interface Arrays {
  names: string[];
  units: string[];
  samples: boolean;
  predictive: boolean;
  simulations: number[];
  provenance: { run: string; recording: { sha256: string; sweeps: number[] } | null; configuration: object };
}
interface Found {
  npz: Arrays;
  mat: Arrays;
  netcdf: Pick<Arrays, 'samples' | 'predictive' | 'provenance'> & {
    groups: string[];
    means: Record<string, number>;
    lpFinite: boolean;
    units: Record<string, string>;
    observed: Record<string, number | null>;
  };
  sampleMeans: Record<string, number>;
  counts: { samples: number; predictive: number };
}

describe.each([
  ['a recording', fitted],
  ['a simulator of one’s own', inferred],
])('exports of a fit of %s, read by SciPy, NumPy and ArviZ', (_what, make) => {
  let run: Fitted;
  let found: Found;
  beforeAll(() => {
    const python = pythonEnvironment();
    run = make();
    const { id } = run.summary;
    for (const format of ['sbi', 'mat', 'netcdf']) run.chronaxie('export', id, '--format', format);
    found = python.json<Found>('exports.py', run.folder, id);
    const { samples, predictive } = found.counts;
    console.log(`read back ${samples} samples and ${predictive} predicted features in each of three formats`);
  });
  afterAll(() => rmSync(run.folder, { recursive: true, force: true }));

  it.each(['npz', 'mat'] as const)('keeps every number, name and unit in .%s', (format) => {
    const { summary } = run;
    const [D, F] = [summary.parameters.length, summary.features.length];
    const simulations = summary.rounds.reduce((sum, round) => sum + round.simulations, 0);
    expect(found[format]).toMatchObject({
      names: summary.parameters.map(({ name }) => name),
      units: summary.parameters.map(({ unit }) => unit),
      ...{ samples: true, predictive: true },
      simulations: [simulations, D, simulations, F],
      provenance: { run: summary.id, recording: summary.recording },
    });
  });

  it('gives ArviZ an InferenceData that it summarises and plots', () => {
    const { netcdf, sampleMeans } = found;
    expect(netcdf.groups).toEqual(
      expect.arrayContaining(['observed_data', 'posterior', 'posterior_predictive', 'prior', 'sample_stats']),
    );
    expect(netcdf).toMatchObject({ samples: true, predictive: true, lpFinite: true });
    for (const { name, unit } of run.summary.parameters) {
      // ArviZ rounds its table to three decimals.
      expect(netcdf.means[name], name).toBeCloseTo(sampleMeans[name]!, 2);
      expect(netcdf.units[name]).toBe(unit);
    }
    for (const { name, observed } of run.summary.features) expect(netcdf.observed[name]).toBe(observed);
    expect(netcdf.provenance.run).toBe(run.summary.id);
  });
});
