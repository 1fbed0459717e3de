import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitted, type Fitted } from './fitted.ts';
import { pythonEnvironment } from './python.ts';

interface Found {
  validation: string[];
  messages: string[];
  samples: boolean;
  predictive: boolean;
  parameters: { parameter: string[]; unit: string[]; median: number[]; map: number[] };
  observed: Record<string, number | null>;
  provenance: Record<string, string>;
  series: number;
}

const example = join(import.meta.dirname, '../../resources/examples/18711001-steps.nwb');

describe('runs as NWB, read by PyNWB and looked at by its validator and the NWB inspector', () => {
  let run: Fitted;
  let found: Record<'own.nwb' | 'copy.nwb', Found>;
  const before = readFileSync(example);
  beforeAll(() => {
    const python = pythonEnvironment();
    run = fitted();
    const { id } = run.summary;
    run.chronaxie('export', id, '--format', 'nwb', '--out', 'own.nwb');
    run.chronaxie('export', id, '--format', 'nwb', '--into-copy', '--out', 'copy.nwb');
    found = python.json('nwb-export.py', run.folder, 'own.nwb', 'copy.nwb');
    for (const [name, { messages }] of Object.entries(found)) console.log(`${name}: ${messages.join('; ')}`);
  });
  afterAll(() => rmSync(run.folder, { recursive: true, force: true }));

  it.each(['own.nwb', 'copy.nwb'] as const)('is valid and holds every number of the run: %s', (name) => {
    const { parameters, features, id, recording } = run.summary;
    expect(found[name]).toMatchObject({
      ...{ validation: [], samples: true, predictive: true },
      parameters: {
        parameter: parameters.map((parameter) => parameter.name),
        unit: parameters.map(({ unit }) => unit),
        median: parameters.map(({ median }) => median),
        map: parameters.map(({ map }) => map),
      },
      observed: Object.fromEntries(features.map((feature) => [feature.name, feature.observed])),
      provenance: { run: id, 'recording.sha256': recording!.sha256, seed: '5', 'recording.sweeps.0': '4' },
    });
  });

  it('leaves the inspector nothing to criticise but suggestions, and in a copy what the recording lacks itself', () => {
    const serious = (name: keyof typeof found) =>
      found[name].messages.filter((message) => !message.startsWith('BEST_PRACTICE_SUGGESTION'));
    expect(serious('own.nwb')).toEqual([]);
    expect(serious('copy.nwb').filter((message) => /Table|chronaxie/.test(message))).toEqual([]);
  });

  it('keeps the recording in the copy, and the recording’s own file untouched', () => {
    expect(found['copy.nwb'].series).toBeGreaterThan(0);
    expect(found['own.nwb'].series).toBe(0);
    expect(readFileSync(example).equals(before)).toBe(true);
  });
});
