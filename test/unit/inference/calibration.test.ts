import { describe, expect, it } from 'vitest';
import { applyCalibration, observationDistances } from '../../../main/inference/calibration.ts';

describe('observationDistances', () => {
  it('is Euclidean over the scaled features', () => {
    const x = Float64Array.of(1, 4, 4, 6);
    expect([...observationDistances(x, Float64Array.of(1, 2))]).toEqual([2, 5]);
  });
  it('does not bring a simulation nearer by its missing features', () => {
    const [distance] = observationDistances(Float64Array.of(2, NaN), Float64Array.of(0, 0));
    expect(distance).toBeCloseTo(Math.sqrt(4 * 2), 12);
  });
  it('puts a simulation that shares no feature with the observation infinitely far away', () => {
    const [distance] = observationDistances(Float64Array.of(NaN, 1), Float64Array.of(1, NaN));
    expect(distance).toBe(Infinity);
  });
});

describe('applyCalibration', () => {
  const weights = new Float64Array(1000).fill(1);
  const distances = Float64Array.from({ length: 1000 }, (_, i) => i / 100);

  it('leaves the weights alone without a kernel', () => {
    const settings = { kernel: 'none', bandwidth: null, targetEss: 0.5 } as const;
    expect(applyCalibration(weights, distances, settings)).toEqual({ weights, bandwidth: null });
  });
  it.each([
    ['gaussian', Math.exp(-0.5)],
    ['epanechnikov', 0],
    ['tricube', 0],
    ['uniform', 1],
  ] as const)('weighs a simulation one bandwidth away by the %s kernel', (kernel, expected) => {
    const result = applyCalibration(Float64Array.of(2, 2), Float64Array.of(0, 1), {
      kernel,
      bandwidth: 1,
      targetEss: 0.5,
    });
    expect([...result.weights]).toEqual([2, 2 * expected]);
  });
  it.each(['gaussian', 'epanechnikov', 'tricube', 'uniform'] as const)(
    'chooses the bandwidth of the %s kernel that keeps the wanted effective sample size',
    (kernel) => {
      const { weights: w } = applyCalibration(weights, distances, {
        kernel,
        bandwidth: null,
        targetEss: 0.3,
      });
      const sum = w.reduce((a, b) => a + b, 0);
      const ess = (sum * sum) / w.reduce((a, b) => a + b * b, 0);
      // The bandwidth is found to 1 %, and the effective size grows at most linearly with it.
      expect(ess).toBeGreaterThanOrEqual(0.3 * 1000);
      expect(ess).toBeLessThan(0.305 * 1000 + 1);
    },
  );
  it('keeps the weight 0 of bad simulations at any distance', () => {
    const { weights: w } = applyCalibration(Float64Array.of(0, 1), Float64Array.of(NaN, 0.1), {
      kernel: 'gaussian',
      bandwidth: 1,
      targetEss: 0.5,
    });
    expect(w[0]).toBe(0);
  });
});
