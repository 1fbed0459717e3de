/**
 * Rational approximations of erfc (Cody 1969, Math. Comp. 23, 631): erf on |x| ≤ 0.47, e^{x²}erfc(x) up to 4 and beyond.
 * Highest power first; the denominators' leading coefficient is 1.
 */
const small = {
  over: [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
  under: [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
};
const middle = {
  over: [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
    881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
  ],
  under: [
    15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
    4362.619090143247, 3439.3676741437216, 1230.3393548037495,
  ],
};
const large = {
  over: [
    0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
    0.0006587491615298378,
  ],
  under: [
    2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
  ],
};

function ratio({ over, under }: { over: readonly number[]; under: readonly number[] }, x: number): number {
  let numerator = 0;
  for (const coefficient of over) numerator = numerator * x + coefficient;
  let denominator = 1;
  for (const coefficient of under) denominator = denominator * x + coefficient;
  return numerator / denominator;
}

/** e^{x²} erfc(x) for x ≥ 0, relative error below 1e-15. */
export function scaledErfc(x: number): number {
  if (x <= 0.46875) return Math.exp(x * x) * (1 - x * ratio(small, x * x));
  if (x <= 4) return ratio(middle, x);
  const y = 1 / (x * x);
  return (1 / Math.sqrt(Math.PI) - y * ratio(large, y)) / x;
}

/** Q(z) = 1 − Φ(z) for z ≥ 0: relative error near 1e-15 + z²·1e-16, so far tails keep their ratios. */
function upperTail(z: number): number {
  return 0.5 * Math.exp(-0.5 * z * z) * scaledErfc(z / Math.SQRT2);
}

/** log Q(z) for z ≥ 0, also where Q underflows. */
export function logUpperTail(z: number): number {
  return z === Infinity ? -Infinity : Math.log(0.5 * scaledErfc(z / Math.SQRT2)) - 0.5 * z * z;
}

/** Φ(b) − Φ(a) for a ≤ b, without cancellation where both lie in one tail. */
export function normalInterval(a: number, b: number): number {
  if (a > 0) return upperTail(a) - upperTail(b);
  if (b < 0) return upperTail(-b) - upperTail(-a);
  return 1 - upperTail(b) - upperTail(-a);
}

/**
 * log[Φ(b) − Φ(a)] for a < b, bounds possibly infinite; right however far out both lie. Relative error of Φ(b) − Φ(a) about
 * 1e-16/(b − a) where b − a is small.
 */
export function logNormalInterval(a: number, b: number): number {
  if (a + b < 0) return logNormalInterval(-b, -a);
  if (a <= 0) return Math.log1p(-upperTail(-a) - upperTail(b));
  const first = logUpperTail(a);
  return first + Math.log(-Math.expm1(logUpperTail(b) - first));
}

/**
 * z ≥ 0 with log Q(z) = logTail, for logTail ≤ log ½: Newton's method on log Q, which is concave, from the approximation
 * 26.2.23 of Abramowitz and Stegun (1964); relative error near 1e-14.
 */
export function upperTailQuantile(logTail: number): number {
  if (logTail === -Infinity) return Infinity;
  const t = Math.sqrt(-2 * logTail);
  const over = 2.515517 + t * (0.802853 + t * 0.010328);
  const under = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  let z = Math.max(0, t - over / under);
  for (let step = 0; step < 6; step++) {
    const scaled = scaledErfc(z / Math.SQRT2);
    // Q/φ = √(π/2) e^{z²/2} erfc(z/√2)
    const move = Math.sqrt(Math.PI / 2) * scaled * (Math.log(0.5 * scaled) - 0.5 * z * z - logTail);
    z = Math.max(0, z + move);
    if (Math.abs(move) <= 1e-13 * (1 + z)) break;
  }
  return z;
}
