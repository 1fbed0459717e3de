import type { Protocol } from '../main/simulate/protocol.ts';

/** z/(e^z − 1) */
function exprelr(z: number): number {
  return Math.abs(z) < 1e-4 ? 1 - z / 2 : z / (Math.exp(z) - 1);
}

/**
 * The hh8 model without noise, as one writes it by hand in TypeScript: scalars, a plain loop, powers as products and each
 * exponential of a decay computed once. The baseline of the benchmark.
 * @param theta [8] gNa gK gl gM tauMax negVT sigma negEl
 */
export function handWrittenHh8(theta: Float64Array, protocol: Protocol, trace: Float64Array): void {
  const gNa = theta[0]!;
  const gK = theta[1]!;
  const gl = theta[2]!;
  const gM = theta[3]!;
  const tauMax = theta[4]!;
  const vT = -theta[5]!;
  const eL = -theta[7]!;
  const eNa = 53;
  const eK = -107;
  const { dtMs, steps, currentDensity } = protocol;
  let v = protocol.initialMv;
  let m = 0;
  let h = 0;
  let n = 0;
  let p = 0;
  // A first pass with an infinite step sets the gates to their steady states.
  for (let i = -1; i < steps; i++) {
    let dt = Infinity;
    if (i >= 0) {
      dt = dtMs;
      trace[i] = v;
      const na = gNa * m * m * m * h;
      const n2 = n * n;
      const k = gK * n2 * n2;
      const km = gM * p;
      const g = na + k + km + gl;
      const target = (na * eNa + (k + km) * eK + gl * eL + currentDensity[i]!) / g;
      v = target + (v - target) * Math.exp(-dt * g);
    }
    const x = v - vT;
    const alphaM = (0.32 * exprelr(-0.25 * (x - 13))) / 0.25;
    const betaM = (0.28 * exprelr(0.2 * (x - 40))) / 0.2;
    const alphaH = 0.128 * Math.exp(-(x - 17) / 18);
    const betaH = 4 / (1 + Math.exp(-0.2 * (x - 40)));
    const alphaN = (0.032 * exprelr(-0.2 * (x - 15))) / 0.2;
    const betaN = 0.5 * Math.exp(-(x - 10) / 40);
    const pInf = 1 / (1 + Math.exp(-0.1 * (v + 35)));
    const e = Math.exp(0.05 * (v + 35));
    const tauP = tauMax / (3.3 * e + 1 / e);
    const mInf = alphaM / (alphaM + betaM);
    const hInf = alphaH / (alphaH + betaH);
    const nInf = alphaN / (alphaN + betaN);
    m = mInf + (m - mInf) * Math.exp(-dt * (alphaM + betaM));
    h = hInf + (h - hInf) * Math.exp(-dt * (alphaH + betaH));
    n = nInf + (n - nInf) * Math.exp(-dt * (alphaN + betaN));
    p = pInf + (p - pInf) * Math.exp(-dt / tauP);
  }
}
