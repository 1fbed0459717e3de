import { describe, expect, it } from 'vitest';
import { readBadReasons, thrownReason } from '../../../main/simulate/bad-reasons.ts';
import { badCode } from '../../../main/simulate/simulation-messages.ts';

const toldAll = (reasons: readonly (string | null)[]) => {
  const codes = Uint8Array.from(reasons, (reason) => (reason === null ? badCode.good : badCode.told));
  const told = new Map(reasons.flatMap((reason, i) => (reason === null ? [] : [[i, reason] as const])));
  return readBadReasons(codes, told, null);
};

describe('readBadReasons', () => {
  it('names the rules that a simulation broke, in the order of the rows', () => {
    const codes = Uint8Array.of(badCode.tooManySpikes, badCode.good, badCode.outOfRange, badCode.diverged, 3);
    expect(readBadReasons(codes, new Map(), { maxVoltageMv: 150, maxSpikes: 12 })).toEqual({
      bad: Uint8Array.of(1, 0, 2, 3, 1),
      badReasons: ['more than 12 spikes', '|V| above 150 mV', 'diverged: non-finite voltage'],
    });
  });
  it('joins reasons that differ in their numbers alone, and keeps the numbers that all share', () => {
    const { bad, badReasons } = toldAll([
      'no root at -1.5e-3 ms',
      'more than 7 steps',
      null,
      'no root at 12 ms',
      'more than 7 steps',
    ]);
    expect(badReasons).toEqual(['no root at … ms', 'more than 7 steps']);
    expect([...bad]).toEqual([1, 2, 0, 1, 2]);
  });
  it('keeps the most frequent of very many reasons and counts the rest together', () => {
    const word = (i: number) => String.fromCharCode(97 + Math.floor(i / 26), 97 + (i % 26));
    const reasons = Array.from({ length: 300 }, (_, i) => `lost ${word(i)}`);
    const { bad, badReasons } = toldAll([...reasons, 'late but often', 'late but often']);
    expect(badReasons).toHaveLength(51);
    expect(badReasons).toContain('late but often');
    const others = 1 + badReasons.indexOf('other reasons');
    expect(bad.filter((code) => code === others).length).toBe(300 - 49);
    expect(bad.every((code) => code > 0)).toBe(true);
  });
});

describe('thrownReason', () => {
  it('is one short line whatever was thrown', () => {
    expect(thrownReason(new Error('no convergence\n    in a matrix'))).toBe(
      'the simulator threw: no convergence',
    );
    expect(thrownReason('text')).toBe('the simulator threw: text');
    expect(thrownReason(Object.create(null))).toBe('the simulator threw: something without a text');
    // The words, 160 characters and the mark that something is left out.
    expect(thrownReason(new Error('x'.repeat(1e6)))).toHaveLength('the simulator threw: '.length + 161);
  });
});
