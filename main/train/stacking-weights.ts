const iterations = 200;
/** Rows that speak for every member beforehand: where members hardly differ, chance would take all but one. */
const rowsForEach = 10;
/** A member with less is left out: it costs as much as the others and changes nothing. */
const leastShare = 0.02;

/**
 * Shares of an ensemble's members that maximise the held-out score Σ_n w_n log Σ_m share_m q_m(θ_n|x_n) (stacking of densities:
 * Smyth, Wolpert 1999; Yao et al. 2018), by expectation–maximisation from equal shares, towards which a Dirichlet prior draws them.
 * @param logQ of each member, log q_m of every held-out row
 * @param weights w_n of the rows
 * @returns shares that add up to 1, or are 0
 */
export function stackingWeights(logQ: readonly Float64Array[], weights: Float64Array): Float64Array {
  const rows = [...weights.keys()].filter((n) => weights[n]! > 0 && logQ.some((own) => own[n]! > -Infinity));
  const relative = rows.map((n) => {
    const top = Math.max(...logQ.map((own) => own[n]!));
    return logQ.map((own) => Math.exp(own[n]! - top));
  });
  let shares = new Float64Array(logQ.length).fill(1 / logQ.length);
  for (let i = 0; i < iterations; i++) {
    const next = new Float64Array(logQ.length).fill(rowsForEach);
    rows.forEach((n, r) => {
      const parts = relative[r]!.map((q, m) => q * shares[m]!);
      const total = parts.reduce((a, b) => a + b, 0);
      if (total > 0) parts.forEach((part, m) => (next[m]! += (weights[n]! * part) / total));
    });
    shares = normalised(next, shares);
  }
  return normalised(
    shares.map((share) => (share < leastShare ? 0 : share)),
    shares,
  );
}

function normalised(values: Float64Array, otherwise: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const total = values.reduce((a, b) => a + b, 0);
  return total > 0 ? (values.map((value) => value / total) as Float64Array<ArrayBuffer>) : otherwise;
}
