import { expect, it } from 'vitest';
import type { PriorPreview } from '../../../../main/contract/model.ts';
import { previewWords } from '../../../../renderer/words/preview-words.ts';

const view = (observedSpikes: number, ...spikes: (number | null)[]) =>
  ({ observedSpikes, draws: spikes.map((number) => ({ spikes: number })) }) as unknown as PriorPreview;

it('says how many draws spike, how many like the data, and how many are bad', () => {
  expect(previewWords(view(6, 0, 7, 40, 4, null))).toBe(
    '3 of 5 draws spike, 2 like the data (6 spikes, ±2); 1 is bad and would be set aside.',
  );
  expect(previewWords(view(1, 0, 0, 9))).toBe('1 of 3 draws spikes, none like the data (1 spike, ±1).');
  expect(previewWords(view(0, 0, 3))).toBe('1 of 2 draws spikes; the recording does not.');
});
