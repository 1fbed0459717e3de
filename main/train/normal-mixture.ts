import { boundedNormalQuantile, logBoundedNormal } from '../density/bounded-normal.ts';
import { leastPrecision } from './reference-heads.ts';

/**
 * What a one-dimensional mixture head means, its outputs at y[offset + i·stride]: [K] logits, [K] means, [K] ℓ with
 * precision e^ℓ (+ leastPrecision between two bounds), each normal restricted to [low, high], infinite where there is no
 * bound.
 */
export class NormalMixtureHead {
  readonly components: number;
  readonly #terms: Float64Array;

  constructor(components: number) {
    this.components = components;
    this.#terms = new Float64Array(components);
  }

  /** log q(t), t in [low, high] */
  logDensity(y: Float32Array, offset: number, stride: number, t: number, low: number, high: number): number {
    const K = this.components;
    const least = leastPrecision(low, high);
    const terms = this.#terms;
    let topLogit = -Infinity;
    let top = -Infinity;
    for (let k = 0; k < K; k++) {
      const at = offset + k * stride;
      const logit = y[at]!;
      const precision = Math.exp(y[at + 2 * K * stride]!) + least;
      const term = logit + logBoundedNormal(t, y[at + K * stride]!, precision, low, high);
      terms[k] = term;
      if (logit > topLogit) topLogit = logit;
      if (term > top) top = term;
    }
    let sum = 0;
    let total = 0;
    for (let k = 0; k < K; k++) {
      sum += Math.exp(terms[k]! - top);
      total += Math.exp(y[offset + k * stride]! - topLogit);
    }
    return top + Math.log(sum) - topLogit - Math.log(total);
  }

  /** A draw in [low, high] from two uniform numbers in [0, 1): the component, and its quantile. */
  draw(
    y: Float32Array,
    offset: number,
    stride: number,
    [first, second]: readonly [number, number],
    low: number,
    high: number,
  ): number {
    const k = this.#choose(y, offset, stride, first);
    const at = offset + k * stride;
    const precision = Math.exp(y[at + 2 * this.components * stride]!) + leastPrecision(low, high);
    // 0 itself would be an infinite quantile.
    const v = Math.max(second, 2 ** -54);
    return boundedNormalQuantile(v, y[at + this.components * stride]!, precision, low, high);
  }

  #choose(y: Float32Array, offset: number, stride: number, uniform: number): number {
    const K = this.components;
    let top = -Infinity;
    for (let k = 0; k < K; k++) top = Math.max(top, y[offset + k * stride]!);
    let total = 0;
    for (let k = 0; k < K; k++) total += this.#terms[k] = Math.exp(y[offset + k * stride]! - top);
    let left = uniform * total;
    for (let k = 0; k < K - 1; k++) {
      left -= this.#terms[k]!;
      if (left < 0) return k;
    }
    return K - 1;
  }
}
