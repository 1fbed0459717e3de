import { describe, expect, it } from 'vitest';
import { Mixture } from '../../../main/density/mixture.ts';
import { precisionFactorFromCovariance } from '../../../main/numeric/linear-algebra.ts';
import { createRandom } from '../../../main/numeric/random.ts';

const covariance1 = [2, 0.6, 0.6, 0.5];
const covariance2 = [0.3, -0.1, -0.1, 1];

function example(studentT = 0): Mixture {
  return new Mixture({
    components: 2,
    dimension: 2,
    logWeights: Float64Array.of(Math.log(0.3), Math.log(0.7)),
    means: Float64Array.of(1, -1, -2, 0.5),
    precisionFactors: Float64Array.of(
      ...precisionFactorFromCovariance(covariance1, 2),
      ...precisionFactorFromCovariance(covariance2, 2),
    ),
    studentT,
  });
}

/** ∫ f over [low, high], trapezoidal: spectrally accurate where f vanishes at both ends. */
function integrate(f: (t: number) => number, low: number, high: number, steps: number): number {
  const h = (high - low) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) sum += f(low + i * h) * h;
  return sum;
}

describe('a mixture of Gaussians', () => {
  it('has the density of the formula', () => {
    // One standard normal in 3 dimensions at distance √3: −(3/2) log 2π − 3/2
    const normal = new Mixture({
      components: 1,
      dimension: 3,
      logWeights: Float64Array.of(5),
      means: new Float64Array(3),
      precisionFactors: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
    });
    expect(normal.logDensity([9, 1, 1, 1], 1)).toBeCloseTo(-1.5 * Math.log(2 * Math.PI) - 1.5, 13);
    expect(normal.logWeights[0]).toBe(0);
  });

  it('integrates to 1, and its pair density is the joint one', () => {
    const mixture = example();
    const mass = integrate(
      (a) => integrate((b) => Math.exp(mixture.logDensity([a, b])), -12, 12, 240),
      -12,
      12,
      240,
    );
    expect(mass).toBeCloseTo(1, 9);
    expect(mixture.pairDensity(0, 1, 0.4, -0.2)).toBeCloseTo(Math.exp(mixture.logDensity([0.4, -0.2])), 13);
    expect(mixture.pairDensity(1, 0, -0.2, 0.4)).toBeCloseTo(Math.exp(mixture.logDensity([0.4, -0.2])), 13);
  });

  it.each([0, 3])('has marginals that integrate the other parameter out, ν = %d', (nu) => {
    const mixture = example(nu);
    // Student-t tails: the mass beyond 2000 falls as t^−4 and is below 1e-9.
    const reach = nu === 0 ? 12 : 2000;
    const steps = nu === 0 ? 300 : 80_000;
    const joint = integrate((b) => Math.exp(mixture.logDensity([0.7, b])), -reach, reach, steps);
    expect(mixture.marginalDensity(0, 0.7)).toBeCloseTo(joint, 8);
  });

  it('has the entropy of a Gaussian: ½ log |2πe Σ|', () => {
    const single = new Mixture({
      components: 1,
      dimension: 2,
      logWeights: Float64Array.of(0),
      means: Float64Array.of(3, 4),
      precisionFactors: precisionFactorFromCovariance(covariance1, 2),
    });
    const random = createRandom(1);
    const draw = new Float64Array(2);
    const n = 40_000;
    let entropy = 0;
    for (let i = 0; i < n; i++) {
      single.sample(random, draw);
      entropy -= single.logDensity(draw) / n;
    }
    const determinant = 2 * 0.5 - 0.6 * 0.6;
    // −log q has the variance D/2 = 1: four standard errors.
    expect(Math.abs(entropy - 0.5 * Math.log((2 * Math.PI * Math.E) ** 2 * determinant))).toBeLessThan(
      4 / Math.sqrt(n),
    );
  });

  it.each([0, 9])('draws samples with its mean and covariance, ν = %d', (nu) => {
    const mixture = example(nu);
    const random = createRandom(2);
    const n = 60_000;
    const draws = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) mixture.sample(random, draws, 2 * i);
    const covariance = mixture.covariance();
    const mean = [0, 1].map((j) => draws.reduce((sum, v, i) => sum + (i % 2 === j ? v / n : 0), 0));
    mixture.mean().forEach((expected, j) => {
      expect(Math.abs(mean[j]! - expected)).toBeLessThan(4 * Math.sqrt(covariance[3 * j]! / n));
    });
    for (const [a, b] of [
      [0, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      const products = Float64Array.from(
        { length: n },
        (_, i) => (draws[2 * i + a]! - mean[a]!) * (draws[2 * i + b]! - mean[b]!),
      );
      const estimate = products.reduce((sum, v) => sum + v / n, 0);
      const error = Math.sqrt(products.reduce((sum, v) => sum + (v - estimate) ** 2 / n, 0) / n);
      expect(Math.abs(estimate - covariance[2 * a + b]!)).toBeLessThan(4 * error);
    }
  });

  it('keeps locations and scales under Student-t tails, whose kernel is the multivariate one', () => {
    const gaussian = example();
    const heavy = gaussian.withStudentT(3);
    expect(heavy.studentT).toBe(3);
    expect(heavy.scaleMatrix(0)).toEqual(gaussian.scaleMatrix(0));
    // One component, D = 2, ν = 3, at its location: Γ(5/2)/(Γ(3/2) 3π |Σ|^½) = (3/2)/(3π |Σ|^½) = 1/(2π |Σ|^½)
    const single = new Mixture({
      components: 1,
      dimension: 2,
      logWeights: Float64Array.of(0),
      means: Float64Array.of(0, 0),
      precisionFactors: Float64Array.of(1, 0, 0, 1),
      studentT: 3,
    });
    expect(Math.exp(single.logDensity([0, 0]))).toBeCloseTo(1 / (2 * Math.PI), 13);
    expect(heavy.logDensity([40, 40])).toBeGreaterThan(gaussian.logDensity([40, 40]) + 100);
  });

  it('refuses a covariance where there is none', () => {
    expect(() => example(2).covariance()).toThrow('2 degrees of freedom has no covariance');
  });

  it('survives JSON unchanged', () => {
    const mixture = example(3);
    const copy = Mixture.fromJSON(JSON.parse(JSON.stringify(mixture)));
    expect(copy.logDensity([0.1, 0.2])).toBe(mixture.logDensity([0.1, 0.2]));
    expect(copy.toJSON()).toEqual(mixture.toJSON());
  });

  it('refuses parts that do not fit, values that are not finite and singular factors', () => {
    const parts = example().toJSON();
    expect(() => Mixture.fromJSON({ ...parts, means: [1] })).toThrow(
      'means of a mixture needs 4 values, not 1',
    );
    expect(() => Mixture.fromJSON({ ...parts, precisionFactors: Array(8).fill(0) })).toThrow('component 1');
    expect(() => Mixture.fromJSON({ ...parts, extra: 1 })).toThrow('cannot be read');
    expect(() => example(-1)).toThrow('degrees of freedom');
    const broken = example();
    expect(
      () =>
        new Mixture({
          ...broken,
          components: 2,
          means: Float64Array.of(NaN, 0, 0, 0),
          dimension: 2,
          logWeights: broken.logWeights,
          precisionFactors: broken.precisionFactors,
        }),
    ).toThrow('means of a mixture must be finite');
  });
});
