import { expect, it } from 'vitest';
import { printColours } from '../../../main/figures/figure.ts';
import { predictivePanes } from '../../../main/figures/predictive-figure.ts';

const trace = (...mv: number[]) => ({ minMv: Float32Array.from(mv), maxMv: Float32Array.from(mv) });

function rangeWith(...draws: ReturnType<typeof trace>[]) {
  const view = {
    run: 'r',
    round: 1,
    features: [],
    timeMs: Float32Array.of(0, 1),
    observedMinMv: Float32Array.of(-80, 40),
    observedMaxMv: Float32Array.of(-80, 40),
    currentDensity: Float32Array.of(0, 1),
    draws,
  };
  return predictivePanes(view, printColours)[0]!.fit;
}

it('shows all of the draws, unless one runs away', () => {
  const [low, high] = rangeWith(trace(-95, 55), trace(-70, 30));
  expect(low).toBeLessThan(-95);
  expect(high).toBeGreaterThan(55);
  const [, cut] = rangeWith(trace(-70, 1000));
  expect(cut).toBeGreaterThan(100);
  expect(cut).toBeLessThan(130);
});

it('never cuts the recording', () => {
  const [low, high] = rangeWith(trace(-20, -10));
  expect(low).toBeLessThan(-80);
  expect(high).toBeGreaterThan(40);
});
