import { writeFileSync } from 'node:fs';
import h5wasm from 'h5wasm/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netcdf, netcdfOutline } from '../../../main/export/netcdf.ts';
import { temporaryFolder } from '../history/records.ts';
import { run } from './run.ts';

describe('netcdf', () => {
  const folder = temporaryFolder();
  let file: InstanceType<typeof h5wasm.File>;
  beforeAll(async () => {
    await h5wasm.ready;
    writeFileSync(folder.file('run.nc'), await netcdf(run, new Date('2026-11-24T00:00:00Z')));
    file = new h5wasm.File(folder.file('run.nc'), 'r');
  });
  afterAll(() => {
    file.close();
    folder[Symbol.dispose]();
  });
  const dataset = (path: string) => file.get(path) as InstanceType<typeof h5wasm.Dataset>;
  const values = (path: string) => [...(dataset(path).value as Float64Array)];

  it('holds every sample under its parameter, one chain', () => {
    expect(dataset('posterior/gNa').shape).toEqual([1, 5]);
    expect(values('posterior/gNa')).toEqual([50, 55, 45, 48, 52]);
    expect(values('posterior/gK')).toEqual([7, 5, 9, 6.5, 7.25]);
    expect(dataset('posterior/gNa').attrs['units']!.value).toBe('mS/cm²');
  });

  it('gives the log density of every sample', () => {
    const [first, second] = values('sample_stats/lp') as [number, number];
    // A Gaussian of sd 5 and 2; cutting it to the prior moves it by the mass outside, less than .001.
    expect(first).toBeCloseTo(-Math.log(2 * Math.PI * 10), 2);
    expect(first - second).toBeCloseTo(1, 9);
  });

  it('keeps the place of a bad simulation, without values, and the missing as NaN', () => {
    expect(values('posterior_predictive/spikeCount')[2]).toBeNaN();
    expect(values('posterior_predictive/latency')[0]).toBeNaN();
    expect(values('posterior_predictive/restMean')[0]).toBe(run.result.predictiveX[1]);
    expect(dataset('observed_data/spikeCount').value).toBe(4);
    expect(dataset('observed_data/latency').value).toBeNaN();
    expect(dataset('prior/gNa').shape).toEqual([1, 10]);
  });

  it('says where it comes from', () => {
    const provenance = JSON.parse(file.attrs['provenance']!.value as string) as Record<string, unknown>;
    expect(provenance).toMatchObject({ program: 'Chronaxie', run: run.id, seed: 1, model: { name: 'hh8' } });
    expect(netcdfOutline(run)).toContain('posterior  (1 chain, 5 draws)  gNa, gK');
  });

  it('has no log density for a search', async () => {
    const search = { objectives: ['spikeCount'], hallOfFame: [] };
    const { result } = run;
    const searched = { ...run, result: { ...result, summary: { ...result.summary, search } } };
    writeFileSync(folder.file('search.nc'), await netcdf(searched, new Date()));
    const other = new h5wasm.File(folder.file('search.nc'), 'r');
    expect(other.keys()).toContain('posterior');
    expect(other.keys()).not.toContain('sample_stats');
    other.close();
  });
});
