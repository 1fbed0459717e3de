import { expect, it } from 'vitest';
import { nearestName } from '../../../main/shell/nearest-name.ts';

it('finds the name that was probably meant, whatever its case', () => {
  const known = ['rounds', 'simulations', 'seed'];
  expect(nearestName('round', known)).toBe('rounds');
  expect(nearestName('SEED', known)).toBe('seed');
  expect(nearestName('simulation', known)).toBe('simulations');
  expect(nearestName('fti', ['fit', 'infer'])).toBe('fit');
});

it('gives none where nothing is near', () => {
  expect(nearestName('temperature', ['rounds', 'seed'])).toBeNull();
  expect(nearestName('x', [])).toBeNull();
});
