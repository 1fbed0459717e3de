/**
 * A Gaussian kernel density estimate for the violins of predicted features, with Silverman's rule of thumb
 * h = 0.9 · min(sd, IQR/1.34) · n^(−1/5) (Silverman 1986, eq. 3.31). Not for posteriors: those have closed forms.
 * values: [n], NaN = missing, left out. Returns [points] densities at even steps from low to high, largest = 1.
 */
export function violin(values: Float64Array, low: number, high: number, points = 48): Float64Array {
  const out = new Float64Array(points);
  const present = Float64Array.from(values.filter(Number.isFinite)).sort();
  const n = present.length;
  if (n === 0 || !(high > low)) return out;
  const bandwidth = Math.max(spread(present) * 0.9 * n ** -0.2, (high - low) / points);
  let largest = 0;
  for (let i = 0; i < points; i++) {
    const x = low + ((high - low) * i) / (points - 1);
    let sum = 0;
    for (const value of present) {
      const z = (x - value) / bandwidth;
      if (z > -5 && z < 5) sum += Math.exp(-0.5 * z * z);
    }
    out[i] = sum;
    largest = Math.max(largest, sum);
  }
  return largest > 0 ? out.map((value) => value / largest) : out;
}

/** The q-quantile of ascending values, by linear interpolation. */
export function quantile(ascending: Float64Array, q: number): number {
  const n = ascending.length;
  if (n === 0) return NaN;
  const at = q * (n - 1);
  const low = ascending[Math.floor(at)]!;
  return low + (ascending[Math.ceil(at)]! - low) * (at - Math.floor(at));
}

function spread(ascending: Float64Array): number {
  const n = ascending.length;
  const mean = ascending.reduce((a, b) => a + b, 0) / n;
  const sd = Math.sqrt(ascending.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, n - 1));
  const robust = (quantile(ascending, 0.75) - quantile(ascending, 0.25)) / 1.34;
  return robust > 0 ? Math.min(sd, robust) : sd;
}
