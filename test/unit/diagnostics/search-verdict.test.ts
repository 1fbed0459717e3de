import { describe, expect, it } from 'vitest';
import { searchVerdict, type SearchVerdictInput } from '../../../main/diagnostics/search-verdict.ts';
import { report } from '../history/records.ts';

const fits: SearchVerdictInput = {
  offsets: [
    { name: 'spikeCount', offset: 0.02 },
    { name: 'restMean', offset: -0.1 },
  ],
  found: 0.2,
  again: 0.3,
  priorNearer: 0.01,
  last: { ...report(2), bad: 0 },
};
const spikeCount = (offset: number | null) =>
  searchVerdict({ ...fits, offsets: [{ name: 'spikeCount', offset }, fits.offsets[1]!] });

describe('searchVerdict', () => {
  it('does not say «trust» of the best of fits: a search gives no uncertainty', () => {
    const { verdict, reasons } = searchVerdict(fits);
    expect(verdict).toBe('look-closer');
    expect(reasons[0]).toMatch(/^A search gives single parameter sets and no uncertainty/);
    expect(reasons[1]).toMatch(/within 0\.1 standard deviations .* of all 2 observed features/);
  });
  it('names the feature that new simulations miss, and by how much', () => {
    const { verdict, reasons } = spikeCount(-1.4);
    expect(verdict).toBe('do-not-trust');
    expect(reasons[0]).toMatch(/miss the observed spikeCount by 1\.4 standard deviations/);
    expect(reasons.join(' ')).toMatch(/of 1 of 2 observed features/);
  });
  it('says so where new simulations lack a feature', () => {
    const { verdict, reasons } = spikeCount(null);
    expect(verdict).toBe('do-not-trust');
    expect(reasons[0]).toMatch(/^The recording has spikeCount, but half/);
  });
  it('tells luck from fit: new noise more than doubles the sum', () => {
    const { reasons } = searchVerdict({ ...fits, found: 0.03 });
    expect(reasons.join(' ')).toMatch(/sum of objectives is 0\.3 \(median\), not the 0\.03/);
    expect(searchVerdict(fits).reasons.join(' ')).not.toMatch(/by luck/);
  });
  it('does not believe a fit that is no nearer to the recording than the prior', () => {
    const { verdict, reasons } = searchVerdict({ ...fits, priorNearer: 0.4 });
    expect(verdict).toBe('do-not-trust');
    expect(reasons[0]).toMatch(/40 % of the simulations from the prior/);
  });
  it('counts bad simulations', () => {
    expect(searchVerdict({ ...fits, last: report(2) }).reasons.at(-1)).toMatch(/^1 of 20 simulations/);
  });
});
