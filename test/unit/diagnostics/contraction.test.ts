import { describe, expect, it } from 'vitest';
import { contraction, priorAxis } from '../../../main/diagnostics/contraction.ts';

describe('priorAxis', () => {
  it('measures log priors on the logarithm, the others on the value', () => {
    expect(priorAxis({ uniform: [2, 8] })).toEqual({ log: false, variance: 3 });
    expect(priorAxis({ normal: [1, 4] })).toEqual({ log: false, variance: 16 });
    expect(priorAxis({ logNormal: [1, 0.5] })).toEqual({ log: true, variance: 0.25 });
    const { log, variance } = priorAxis({ logUniform: [1, Math.E ** 6] });
    expect(log).toBe(true);
    expect(variance).toBeCloseTo(3, 12); // rounding
  });
});

describe('contraction', () => {
  it('is one minus the ratio of the variances, each parameter on its own axis', () => {
    // Two draws one unit to either side of their middle have the variance 1.
    const samples = Float64Array.of(-1, Math.exp(-1), 1, Math.exp(1));
    const found = contraction(samples, [
      { name: 'a', prior: { normal: [0, 2] } },
      { name: 'b', prior: { logNormal: [0, 4] } },
    ]);
    expect(Object.keys(found)).toEqual(['a', 'b']);
    expect(found['a']).toBeCloseTo(0.75, 12); // rounding
    expect(found['b']).toBeCloseTo(1 - 1 / 16, 12);
  });

  it('is negative where the posterior sits at both ends of the prior', () => {
    const { a } = contraction(Float64Array.of(0, 1), [{ name: 'a', prior: { uniform: [0, 1] } }]);
    expect(a).toBeCloseTo(1 - 0.25 * 12, 12); // rounding
  });

  it('takes the variances of a correlated prior where there is one', () => {
    const joint = { normal: { mean: [0], covariance: [[4]] } };
    const { a } = contraction(Float64Array.of(-1, 1), [{ name: 'a', prior: { normal: [0, 9] } }], joint);
    expect(a).toBeCloseTo(0.75, 12); // rounding
  });

  it('refuses fewer than two draws, or a part of one', () => {
    const parameter = { name: 'a', prior: { uniform: [0, 1] as [number, number] } };
    expect(() => contraction(Float64Array.of(1), [parameter])).toThrow(RangeError);
    expect(() => contraction(Float64Array.of(1, 2, 3), [parameter, parameter])).toThrow(/two draws or more/);
  });
});
