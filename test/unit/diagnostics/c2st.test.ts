import { describe, expect, it } from 'vitest';
import { c2st, type Classify } from '../../../main/diagnostics/c2st.ts';
import { createRandom } from '../../../main/numeric/random.ts';
import { readSbibm } from '../../statistical/tasks/sbibm.ts';

/** The best classifier of two shifted Gaussians is linear: nearest mean (Fisher with equal, spherical covariances). */
const nearestMean: Classify = ({ x, y }) => {
  const labels = Array.from(y);
  const dimension = x.length / labels.length;
  const means = [0, 1].map((label) => {
    const mean = new Float64Array(dimension);
    const n = labels.filter((value) => value === label).length;
    for (let i = 0; i < x.length; i++)
      if (labels[Math.floor(i / dimension)] === label) mean[i % dimension]! += x[i]! / n;
    return mean;
  });
  const predict = (points: Float64Array) =>
    Float64Array.from({ length: points.length / dimension }, (_, row) => {
      const distance = means.map((mean) =>
        mean.reduce((sum, value, i) => sum + (points[row * dimension + i]! - value) ** 2, 0),
      );
      return distance[1]! < distance[0]! ? 1 : 0;
    });
  return { predict };
};

/** [n, d] standard normals, the first column shifted. */
function normals(n: number, dimension: number, shift: number, stream: number): Float64Array {
  const random = createRandom(5, stream);
  return Float64Array.from(
    { length: n * dimension },
    (_, i) => random.normal() + (i % dimension === 0 ? shift : 0),
  );
}

describe('c2st', () => {
  const n = 2000;
  // Three standard errors of an accuracy over 2n held-out rows, √(¼/2n) = .8 %.
  const tolerance = 0.024;

  it('is one half for two samples of the same distribution', () => {
    const value = c2st(normals(n, 2, 0, 1), normals(n, 2, 0, 2), {
      dimension: 2,
      classify: nearestMean,
    });
    expect(Math.abs(value - 0.5)).toBeLessThan(tolerance);
  });

  it.each([
    [0.5, 0.5987],
    [1, 0.6915],
    [2, 0.8413],
  ])('comes to Φ(δ/2) for normals shifted by δ = %d', (shift, optimal) => {
    const value = c2st(normals(n, 3, 0, 3), normals(n, 3, shift, 4), {
      dimension: 3,
      classify: nearestMean,
    });
    expect(Math.abs(value - optimal)).toBeLessThan(tolerance);
  });

  it('is one for samples without overlap, and does not depend on units or offsets', () => {
    const a = normals(50, 2, 0, 5);
    const b = normals(50, 2, 20, 6);
    expect(c2st(a, b, { dimension: 2, classify: nearestMean })).toBe(1);
    const c = normals(500, 2, 0, 7);
    const d = normals(500, 2, 1, 8);
    const inOtherUnits = (values: Float64Array) =>
      values.map((value, i) => (i % 2 === 0 ? 1000 * value + 7 : value));
    const value = c2st(c, d, { dimension: 2, classify: nearestMean });
    expect(c2st(inOtherUnits(c), inOtherUnits(d), { dimension: 2, classify: nearestMean })).toBe(value);
  });

  it('holds every row out once, keeps the classes even, and hands over 10·d hidden units a layer', () => {
    let tested = 0;
    const classify: Classify = ({ x, y, hidden }) => {
      expect(hidden).toEqual([20, 20]);
      expect(x.length).toBe(y.length * 2);
      expect(Array.from(y).filter((label) => label === 1)).toHaveLength(y.length / 2);
      const predict = (points: Float64Array) => {
        tested += points.length / 2;
        return new Float64Array(points.length / 2); // says «a» always
      };
      return { predict };
    };
    const value = c2st(normals(100, 2, 0, 1), normals(100, 2, 9, 2), { dimension: 2, classify });
    expect(value).toBe(0.5);
    expect(tested).toBe(200);
  });

  it('refuses samples that are too few or do not fit the dimension', () => {
    const options = { dimension: 2, classify: nearestMean };
    expect(() => c2st(new Float64Array(8), new Float64Array(100), options)).toThrow(/at least 5 rows/);
    expect(() => c2st(new Float64Array(101), new Float64Array(100), options)).toThrow(/2 columns/);
  });

  it('tells apart by default what a network like sbibm’s can, and nothing else', () => {
    const same = c2st(normals(n, 2, 0, 10), normals(n, 2, 0, 11), { dimension: 2 });
    expect(Math.abs(same - 0.5)).toBeLessThan(tolerance);
    const shifted = c2st(normals(n, 2, 0, 12), normals(n, 2, 1, 13), { dimension: 2 });
    expect(Math.abs(shifted - 0.6915)).toBeLessThan(tolerance); // Φ(½)
  });

  it('sees a difference of shape that no linear rule sees, as scikit-learn does', () => {
    // 10,000 reference samples of sbibm's gaussian_mixture, observation 2, against one Gaussian of the same variance.
    // scikit-learn 1.9.1 by sbibm's own recipe (MLPClassifier in cross_val_score over 5 shuffled folds) on the very samples
    // drawn here: .7535 and .7552 with random_state 1 and 2. The best possible value is that of the density ratio.
    const { observed, reference } = readSbibm('gaussian_mixture', 2);
    const random = createRandom(6);
    const gaussian = Float64Array.from(reference, (_, i) => observed[i % 2]! + 0.71 * random.normal());
    expect(Math.abs(c2st(reference, gaussian, { dimension: 2 }) - 0.754)).toBeLessThan(0.011); // √(¼/20,000) = .35 %, thrice
  });
});
