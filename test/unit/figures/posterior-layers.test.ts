import { expect, it } from 'vitest';
import type { MarginalView } from '../../../main/contract/posterior.ts';
import { between, pairOf } from '../../../main/figures/posterior-layers.ts';

const marginal = (density: number[], map: number) =>
  ({ density: Float64Array.from(density), q05: 0, q95: 2 * map, map }) as MarginalView;

it('goes from one round’s marginal to the next in a straight line, and ends at it', () => {
  const [from, to] = [marginal([0, 4], 1), marginal([2, 0], 3)];
  expect(between(from, to, 0.5)).toMatchObject({ density: Float64Array.of(1, 2), q95: 4, map: 2 });
  expect(between(from, to, 1)).toBe(to);
  expect(between(undefined, to, 0)).toBe(to);
  // A search has no density to come from.
  expect(between(marginal([], 1), to, 0.5)).toBe(to);
});

it('finds a pair by its column and row, and none of a search or of held parameters', () => {
  const view = { pairs: [{ x: 2, y: 1 }] } as unknown as Parameters<typeof pairOf>[0];
  expect(pairOf(view, 2, 1)).toMatchObject({ x: 2, y: 1 });
  expect(pairOf(view, 1, 2)).toBeNull();
  expect(pairOf(null, 2, 1)).toBeNull();
});
