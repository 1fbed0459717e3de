import { beforeAll, describe, expect, it } from 'vitest';
import { c2st } from '../../main/diagnostics/c2st.ts';
import type { ResultRecord } from '../../main/inference/fit-store.ts';
import { besideBoundary, exactHalfBad, fitHalfBad, wasted } from './half-bad.ts';

/** docs/bad-and-missing.md shows the same with more simulations and networks. */
describe('a simulator that diverges in a part of its prior that reaches the posterior', () => {
  const settings = {
    algorithm: 'tsnpe',
    rounds: 4,
    simulations: 2500,
    samples: 4000,
    network: { family: 'mixture' },
  } as const;
  let [withIt, without]: ResultRecord[] = [];
  beforeAll(async () => {
    withIt = await fitHalfBad(besideBoundary, settings);
    without = await fitHalfBad(besideBoundary, { ...settings, badSimulations: { classifier: false } });
  });

  it('wastes a fraction of the simulations once the classifier has learned where', () => {
    // 18 % here: enough to be worth saving.
    expect(wasted(without!)).toBeGreaterThan(0.15 * 3 * 2500);
    expect(wasted(withIt!)).toBeLessThan(0.2 * wasted(without!));
    for (const { classifier } of withIt!.summary.rounds.slice(1))
      expect(classifier!.accuracy).toBeGreaterThan(0.95);
  });
  it('has the same posterior with and without the classifier, and it is the exact one', () => {
    // .526 here; fits of two seeds differ by .52 to .57 at this size, and the exact samples alone by .51 ± .01.
    expect(c2st(withIt!.samples, without!.samples, { dimension: 2 })).toBeLessThan(0.57);
    const exact = exactHalfBad(besideBoundary, 4000);
    for (const { samples } of [withIt!, without!])
      expect(c2st(exact, samples, { dimension: 2 })).toBeLessThan(0.58);
  });
});
