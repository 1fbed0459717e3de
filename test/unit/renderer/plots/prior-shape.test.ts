import { expect, it } from 'vitest';
import { priorScale, priorShape } from '../../../../renderer/plots/prior-shape.ts';

/** The heights of a path's points, from the base. */
const heights = (path: string) => [...path.matchAll(/[\d.]+ ([\d.]+)/g)].map(([, y]) => 20 - Number(y));

it('draws a flat prior flat and a normal as a bell, each from the base and back to it', () => {
  expect(heights(priorShape({ uniform: [0, 1] }, 72, 20))).toEqual([0, 0, 18, 18, 0, 0]);
  const bell = heights(priorShape({ normal: [0, 1] }, 72, 20));
  expect(Math.max(...bell)).toBe(18);
  expect(bell.indexOf(18)).toBe((bell.length - 1) / 2);
  expect(bell.at(0)).toBe(0);
  expect(bell.at(-1)).toBe(0);
});

it('draws a log prior on the axis of its logarithm, and says so', () => {
  expect(priorShape({ logUniform: [0.1, 10] }, 72, 20)).toBe(priorShape({ uniform: [0, 1] }, 72, 20));
  expect(priorScale({ logUniform: [0.1, 10] })).toBe('log');
  expect(priorScale({ normal: [0, 1] })).toBe('linear');
});
