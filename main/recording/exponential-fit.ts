/** V(t) ≈ end + (begin − end)·e^{−t/τ} */
export interface ExponentialFit {
  begin: number;
  end: number;
  tauMs: number;
  /** 1 − residual/total sum of squares */
  r2: number;
}

/** Steps of the golden-section search: 40 shrink the interval by 10⁸. */
const SEARCH_STEPS = 40;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Least-squares fit of one exponential to values sampled every dtMs from t = 0. For a given τ the two levels follow
 * linearly; log τ is found by golden-section search between `shortestMs` and `longestMs`.
 */
export function fitExponential(
  values: Float32Array | Float64Array,
  dtMs: number,
  shortestMs: number,
  longestMs: number,
): ExponentialFit {
  let low = Math.log(shortestMs);
  let high = Math.log(longestMs);
  for (let step = 0; step < SEARCH_STEPS; step++) {
    const a = high - GOLDEN * (high - low);
    const b = low + GOLDEN * (high - low);
    if (levels(values, dtMs, Math.exp(a)).residual < levels(values, dtMs, Math.exp(b)).residual) high = b;
    else low = a;
  }
  const tauMs = Math.exp((low + high) / 2);
  const { slope, intercept, residual, total } = levels(values, dtMs, tauMs);
  return {
    begin: intercept + slope,
    end: intercept,
    tauMs,
    r2: total > 0 ? 1 - residual / total : Number.NaN,
  };
}

/** Regression of the values on u = e^{−t/τ}: value ≈ intercept + slope·u. */
function levels(
  values: Float32Array | Float64Array,
  dtMs: number,
  tauMs: number,
): { slope: number; intercept: number; residual: number; total: number } {
  const n = values.length;
  const factor = Math.exp(-dtMs / tauMs);
  let u = 1;
  let su = 0;
  let suu = 0;
  let sv = 0;
  let svv = 0;
  let suv = 0;
  const shift = values[0] ?? 0; // keeps the sums small beside a resting voltage of −70 mV
  for (let i = 0; i < n; i++) {
    const v = values[i]! - shift;
    su += u;
    suu += u * u;
    sv += v;
    svv += v * v;
    suv += u * v;
    u *= factor;
  }
  const uu = suu - (su * su) / n;
  const total = svv - (sv * sv) / n;
  const slope = uu > 0 ? (suv - (su * sv) / n) / uu : 0;
  return {
    slope,
    intercept: shift + (sv - slope * su) / n,
    residual: Math.max(total - slope * slope * uu, 0),
    total,
  };
}
