import { beforeAll, describe, expect, it } from 'vitest';
import { cells, fitCell, type Cell, type InVitroFit } from './in-vitro.ts';

/** Times V passes −10 mV upwards, the level of the spike count of the moments, in columns of a millisecond. */
function spikes(maxMv: Float32Array): number {
  return maxMv.filter((value, i) => value > -10 && !(maxMv[i - 1]! > -10)).length;
}

describe.each(Object.keys(cells) as Cell[])('the posterior of hh8 given a sweep of Allen cell %s', (cell) => {
  let fit: InVitroFit;
  beforeAll(async () => {
    // The defaults but for what only takes longer; strict: the same numbers on every processor.
    fit = await fitCell(cell, { network: { family: 'bounded', ensemble: 1 }, strict: true });
  });

  it('predicts features on both sides of every recorded one', () => {
    const { diagnostics } = fit.result.summary;
    for (const [name, percentile] of Object.entries(diagnostics.predictivePercentiles)) {
      expect.soft(percentile, name).toBeGreaterThan(0.025);
      expect.soft(percentile, name).toBeLessThan(0.975);
    }
    expect(diagnostics.verdict).toBe('trust');
  });

  it('predicts traces that fire like the recording and rest where it rests', () => {
    const { view } = fit;
    const recorded = spikes(view.observedMaxMv);
    expect(recorded).toBe({ '509881736': 25, '518290966': 12 }[cell]);
    const counts = view.draws.map(({ maxMv }) => spikes(maxMv)).sort((a, b) => a - b);
    // Of the MAP and 20 draws; the posterior leaves open from half to a third more.
    expect(Math.abs(counts[10]! / recorded - 1)).toBeLessThan(0.25);
    for (const { minMv, maxMv } of view.draws)
      // At 100 ms, before the step; the slow current of some draws has not come to rest by then.
      expect(Math.abs((minMv[100]! + maxMv[100]!) / 2 - view.observedMinMv[100]!)).toBeLessThan(5);
  });

  it('is far narrower than the prior where spikes speak', () => {
    const { contraction } = fit.result.summary.diagnostics;
    for (const name of ['gNa', 'gK', 'negVT']) expect.soft(contraction[name], name).toBeGreaterThan(0.9);
  });
});
