import { describe, expect, it } from 'vitest';
import { c2st } from '../../../main/diagnostics/c2st.ts';
import type { Classify } from '../../../main/diagnostics/classifier.ts';
import { createRandom } from '../../../main/numeric/random.ts';

/** The best classifier of two shifted Gaussians is linear: nearest mean (Fisher with equal, spherical covariances). */
const nearestMean: Classify = ({ x, y, dimension }) => {
  const means = [0, 1].map((label) => {
    const mean = new Float64Array(dimension);
    const n = y.reduce((sum, value) => sum + (value === label ? 1 : 0), 0);
    for (let i = 0; i < x.length; i++)
      if (y[Math.floor(i / dimension)] === label) mean[i % dimension]! += x[i]! / n;
    return mean;
  });
  return (points) =>
    Float64Array.from({ length: points.length / dimension }, (_, row) => {
      const distance = means.map((mean) =>
        mean.reduce((sum, value, i) => sum + (points[row * dimension + i]! - value) ** 2, 0),
      );
      return distance[1]! < distance[0]! ? 1 : 0;
    });
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

  it('is one half for two samples of the same distribution', async () => {
    const value = await c2st(normals(n, 2, 0, 1), normals(n, 2, 0, 2), {
      dimension: 2,
      classify: nearestMean,
    });
    expect(Math.abs(value - 0.5)).toBeLessThan(tolerance);
  });

  it.each([
    [0.5, 0.5987],
    [1, 0.6915],
    [2, 0.8413],
  ])('comes to Φ(δ/2) for normals shifted by δ = %d', async (shift, optimal) => {
    const value = await c2st(normals(n, 3, 0, 3), normals(n, 3, shift, 4), {
      dimension: 3,
      classify: nearestMean,
    });
    expect(Math.abs(value - optimal)).toBeLessThan(tolerance);
  });

  it('is one for samples without overlap, and does not depend on units or offsets', async () => {
    const a = normals(50, 2, 0, 5);
    const b = normals(50, 2, 20, 6);
    expect(await c2st(a, b, { dimension: 2, classify: nearestMean })).toBe(1);
    const c = normals(500, 2, 0, 7);
    const d = normals(500, 2, 1, 8);
    const inOtherUnits = (values: Float64Array) =>
      values.map((value, i) => (i % 2 === 0 ? 1000 * value + 7 : value));
    const value = await c2st(c, d, { dimension: 2, classify: nearestMean });
    expect(await c2st(inOtherUnits(c), inOtherUnits(d), { dimension: 2, classify: nearestMean })).toBe(value);
  });

  it('holds every row out once, keeps the classes even, and hands over 10·d hidden units a layer', async () => {
    let tested = 0;
    const classify: Classify = ({ x, y, dimension, hidden }) => {
      expect(hidden).toEqual([20, 20]);
      expect(x.length).toBe(y.length * dimension);
      expect(y.reduce((sum, label) => sum + label, 0)).toBe(y.length / 2);
      return (points) => {
        tested += points.length / dimension;
        return new Float64Array(points.length / dimension); // says «a» always
      };
    };
    const value = await c2st(normals(100, 2, 0, 1), normals(100, 2, 9, 2), { dimension: 2, classify });
    expect(value).toBe(0.5);
    expect(tested).toBe(200);
  });

  it('refuses samples that are too few or do not fit the dimension', async () => {
    const options = { dimension: 2, classify: nearestMean };
    await expect(c2st(new Float64Array(8), new Float64Array(100), options)).rejects.toThrow(
      /at least 5 rows/,
    );
    await expect(c2st(new Float64Array(101), new Float64Array(100), options)).rejects.toThrow(/2 columns/);
  });
});
