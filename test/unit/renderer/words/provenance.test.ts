import { expect, it } from 'vitest';
import type { RunDetail } from '../../../../main/contract/run.ts';
import { provenanceLines } from '../../../../renderer/words/provenance.ts';

it('names the run, its data by content and what repeats it, and leaves out what there is not', () => {
  const detail = {
    ...{
      id: '261123-abcde',
      name: 'Cell 3',
      model: 'hh8',
      createdAt: '2026-11-23T10:00:00Z',
      seconds: 12.34,
    },
    config: {
      source: { recording: '/data/a.nwb' },
      cell: { voltageFactor: 1000, currentFactor: 1e-12 },
      algorithm: 'tsnpe',
      seed: 7,
    },
    roundsDone: 2,
    reports: [{ simulations: 400 }, { simulations: 400 }],
    summary: { version: '0.1.0', device: 'cpu', strict: true, recording: { sha256: 'ab12', sweeps: [3] } },
  } as unknown as RunDetail;
  const lines = new Map(provenanceLines(detail).map(({ name, value }) => [name, value]));
  expect(lines.get('Run')).toBe('261123-abcde (Cell 3)');
  expect(lines.get('SHA-256')).toBe('ab12');
  expect(lines.get('Rounds')).toBe('2, 800 simulations');
  expect(lines.get('Trained on')).toBe('cpu, bit-identical arithmetic');
  expect(lines.get('Read with')).toBe('voltage × 1,000, current × 10⁻¹²');
  expect(lines.get('Seed')).toBe('7');
  expect(lines.has('Simulator')).toBe(false);
});
