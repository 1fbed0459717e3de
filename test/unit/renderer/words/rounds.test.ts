import { describe, expect, it } from 'vitest';
import {
  chosenFamily,
  classifierInWords,
  drawnFrom,
  familyScores,
  truncationInWords,
} from '../../../../renderer/words/rounds.ts';
import { report } from '../state/fixtures.ts';

const bounded = {
  family: 'bounded',
  components: 10,
  heldOutLogScore: -12.668,
  epochs: 34,
  seconds: 3,
} as const;
const mixture = {
  family: 'mixture',
  components: 2,
  heldOutLogScore: -15.77,
  epochs: 34,
  seconds: 1,
} as const;

describe('a round in words', () => {
  it('says where its parameters came from, and how the region was drawn', () => {
    expect(drawnFrom(report(1))).toBe('prior');
    const cut = { ...report(2), drawnFrom: 'truncated-prior' as const };
    const small = { ...cut, truncation: { method: 'resampling' as const, acceptance: 0.25, ess: 2499 } };
    expect(drawnFrom(small)).toMatch(/^truncated prior, 25\s%$/);
    expect(truncationInWords(small)).toMatch(/25\s% of the prior; drawn by resampling, with at least 2,499/);
    const large = { ...cut, truncation: { method: 'rejection' as const, acceptance: 0.25, ess: null } };
    expect(truncationInWords(large)).toMatch(/drawn by rejection/);
    expect(drawnFrom({ ...report(1), drawnFrom: null })).toBe('');
  });
  it('names the density that was chosen, and what the others scored', () => {
    const chosen = { ...report(1), families: [bounded, mixture] };
    expect(chosenFamily(chosen)).toBe('bounded, 10');
    expect(familyScores(chosen)).toBe('bounded −12.67; mixture −15.77');
    expect([chosenFamily(report(1)), familyScores(report(1))]).toEqual(['', '']);
  });
  it('says what the classifier of bad simulations did', () => {
    const classifier = { trainedOn: 5000, balancedAccuracy: 0.9, accuracy: 0.93, thinned: 1200 };
    expect(classifierInWords({ ...report(2), classifier })).toMatch(/^1,200 draws turned away.*93\s%/);
    expect(classifierInWords(report(1))).toBe('');
  });
});
