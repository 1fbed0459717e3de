import { describe, expect, it } from 'vitest';
import { sorted } from '../../../../renderer/state/document-data.ts';

describe('files that are dropped at once', () => {
  it('are a simulator with what came with it where a module is among them', () => {
    expect(sorted(['/a/stimulus.csv', '/a/Sim.MJS', '/a/observation.csv'])).toEqual({
      module: { path: '/a/Sim.MJS', beside: ['/a/stimulus.csv', '/a/observation.csv'] },
      tables: [],
      models: [],
      recordings: [],
    });
  });

  it('are models and recordings, and tables only where nothing is to be opened', () => {
    const { models, recordings, tables } = sorted(['/a/own.json', '/a/cell.nwb', '/a/notes.csv']);
    expect({ models, recordings, tables }).toEqual({
      models: ['/a/own.json'],
      recordings: ['/a/cell.nwb'],
      tables: [],
    });
    expect(sorted(['/a/x.csv']).tables).toEqual(['/a/x.csv']);
    expect(sorted(['/a/unknown.xyz']).recordings).toEqual(['/a/unknown.xyz']);
  });
});
