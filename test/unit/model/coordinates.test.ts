import { describe, expect, it } from 'vitest';
import { workingCoordinates } from '../../../main/model/coordinates.ts';
import { independentPrior } from '../../../main/model/prior.ts';
import { createRandom } from '../../../main/numeric/random.ts';

const parameters = [
  { name: 'rate', unit: '', prior: { logUniform: [1e-3, 100] as [number, number] } },
  { name: 'shift', unit: '', prior: { uniform: [-1, 2] as [number, number] } },
  { name: 'scale', unit: '', prior: { logNormal: [1, 0.5] as [number, number] } },
];
const coordinates = workingCoordinates(parameters, null);
const own = independentPrior(parameters);

describe('workingCoordinates', () => {
  it('takes the logarithm of log priors only, there and back', () => {
    expect(coordinates.logarithmic).toEqual([true, false, true]);
    const theta = Float64Array.of(1e-3, -1, 0.2, 100, 2, 30);
    const u = coordinates.toWorking(theta);
    expect([u[0], u[1], u[2]]).toEqual([Math.log(1e-3), -1, Math.log(0.2)]);
    coordinates.fromWorking(u).forEach((value, i) => expect(value / theta[i]!).toBeCloseTo(1, 14));
  });
  it('never leaves the support by rounding', () => {
    const random = createRandom(1);
    const u = new Float64Array(3);
    for (let i = 0; i < 2000; i++) {
      coordinates.prior.sample(random, u, 0);
      if (i < 2) u[0] = i === 0 ? coordinates.prior.low[0]! : coordinates.prior.high[0]!;
      const theta = coordinates.fromWorking(u);
      expect(own.contains(theta)).toBe(true);
      expect(coordinates.prior.contains(coordinates.toWorking(theta))).toBe(true);
    }
  });
  it('changes densities by its Jacobian', () => {
    const theta = Float64Array.of(0.5, 1, 2.5);
    const u = coordinates.toWorking(theta);
    const byWorking = coordinates.prior.logDensity(u) + coordinates.logJacobian(u);
    expect(byWorking).toBeCloseTo(own.logDensity(theta), 12);
  });
  it('is the identity for a joint normal prior and without log priors', () => {
    const joint = { normal: { mean: [0, 1], covariance: [[1, 0.5], [0.5, 1]] } }; // prettier-ignore
    const same = workingCoordinates(parameters.slice(0, 2), joint);
    const theta = Float64Array.of(-3, 4);
    expect(same.toWorking(theta)).toBe(theta);
    expect(workingCoordinates([parameters[1]!], null).logarithmic).toEqual([false]);
  });
});
