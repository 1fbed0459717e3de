import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Dataset, Group } from 'h5wasm/node';
import { nwbCopy, nwbCopyFile } from '../../../main/export/nwb-copy.ts';
import { columnNames } from '../../../main/export/nwb-table.ts';
import { nwb, nwbOutline } from '../../../main/export/nwb.ts';
import type { RunRecord } from '../../../main/export/run-record.ts';
import { contentHash } from '../../../main/recording/content-hash.ts';
import { hdf5Library } from '../../../main/recording/hdf5-file.ts';
import { temporaryFolder } from '../history/records.ts';
import { run } from './run.ts';

const now = new Date('2026-11-24T00:00:00Z');
const folder = temporaryFolder();
afterAll(() => {
  folder[Symbol.dispose]();
});

async function opened<T>(
  path: string,
  look: (values: (name: string) => unknown, group: (name: string) => Group) => T,
) {
  const file = new (await hdf5Library()).File(path, 'r');
  try {
    return look(
      (name) => (file.get(name) as Dataset).value,
      (name) => file.get(name) as Group,
    );
  } finally {
    file.close();
  }
}

/** The same run, of a recording that lies in this folder. */
async function runOf(name: string, bytes: Uint8Array): Promise<RunRecord & { path: string }> {
  const path = folder.file(name);
  writeFileSync(path, bytes);
  const sha256 = await contentHash(path);
  const source = { recording: path, sha256, sweep: 3, alsoSweeps: [] };
  const prepared = {
    ...run.prepared,
    config: { ...run.prepared.config, source },
    recording: { file: path, sha256, sweeps: [3] },
  };
  return { ...run, prepared, path };
}

describe('nwb', () => {
  it('writes the run’s tables into a processing module', async () => {
    const path = folder.file('own.nwb');
    writeFileSync(path, await nwb(run, now));
    const module = `processing/chronaxie_${run.id}`;
    await opened(path, (values, group) => {
      expect([...(values(`${module}/posterior_samples/gNa`) as Float64Array)]).toEqual([50, 55, 45, 48, 52]);
      expect(values(`${module}/parameters/unit`)).toEqual(['mS/cm²', 'mS/cm²']);
      expect([...(values(`${module}/parameters/prior_2`) as Float64Array)]).toEqual([80, 15]);
      const observed = values(`${module}/features/observed`) as Float64Array;
      expect([...observed]).toEqual([4, -70.25, NaN]);
      const predicted = values(`${module}/predictive_features/restMean`) as Float64Array;
      expect(Number.isNaN(predicted[2])).toBe(true); // a bad simulation
      const keys = values(`${module}/provenance/key`) as string[];
      const told = values(`${module}/provenance/value`) as string[];
      expect(told[keys.indexOf('recording.sha256')]).toBe('ab'.repeat(32));
      expect(told[keys.indexOf('configuration.rounds')]).toBe('3');
      expect(group(`${module}/rounds`).attrs['neurodata_type']!.value).toBe('DynamicTable');
    });
    expect(nwbOutline(run)).toContain('posterior_samples  [5 rows]');
  });

  it('gives columns no name that NWB could not read', () => {
    expect(columnNames(['τ/α', 'τ_α', 'id', 'sweep5.ḡ'])).toEqual(['τ_α', 'τ_α_', 'id_', 'sweep5.ḡ']);
  });
});

describe('nwbCopy', () => {
  it('adds the module to a copy and leaves the recording as it was', async () => {
    const recorded = await runOf('cell.nwb', await nwb({ ...run, id: 'another' }, now));
    const before = readFileSync(recorded.path);
    const copy = folder.file('copies/cell.nwb');
    await nwbCopy(recorded, copy, now);
    expect(readFileSync(recorded.path).equals(before)).toBe(true);
    await opened(copy, (_, group) => {
      expect(group('processing').keys().toSorted()).toEqual([`chronaxie_${run.id}`, 'chronaxie_another']);
    });
    expect((await nwbCopyFile(recorded, now)).name).toBe(`cell-${run.id}.nwb`);
  });

  it('refuses to write over the recording, or into what holds the run already', async () => {
    const recorded = await runOf('again.nwb', await nwb(run, now));
    await expect(nwbCopy(recorded, recorded.path, now)).rejects.toMatchObject({ code: 'usage' });
    await expect(nwbCopy(recorded, folder.file('twice.nwb'), now)).rejects.toMatchObject({
      code: 'format-unsupported',
      message: expect.stringContaining('it holds this run already') as string,
    });
  });

  it('says of other and of damaged files why they cannot be added to', async () => {
    const whole = await nwb(run, now);
    for (const [bytes, why] of [
      [new TextEncoder().encode('ABF2 and so on'), 'it is not an NWB file'],
      [whole.slice(0, whole.length / 2), 'it cannot be opened as HDF5'],
    ] as const) {
      const recorded = await runOf('damaged.abf', bytes);
      await expect(nwbCopy(recorded, folder.file('no.nwb'), now)).rejects.toMatchObject({
        code: 'format-unsupported',
        message: expect.stringContaining(why) as string,
        remedy: 'Export nwb as a file of its own.',
      });
    }
  });

  it('refuses a recording that has changed, has gone, or never was', async () => {
    const recorded = await runOf('changing.nwb', await nwb(run, now));
    const to = folder.file('no.nwb');
    writeFileSync(recorded.path, 'something else');
    await expect(nwbCopy(recorded, to, now)).rejects.toThrow('has changed since it was fitted');
    await expect(nwbCopy(run, to, now)).rejects.toMatchObject({ code: 'file-not-found' });
    const unrecorded = { ...run, prepared: { ...run.prepared, recording: null } };
    await expect(nwbCopy(unrecorded, to, now)).rejects.toMatchObject({ code: 'input-invalid' });
  });
});
