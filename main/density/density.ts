import type { RandomStream } from '../numeric/random.ts';

/** A normalised probability density over D parameters that can be evaluated and drawn from. Immutable. */
export interface Density {
  readonly dimension: number;
  /** log q(θ), θ at `offset` of the array; −Infinity where q is 0. */
  logDensity(theta: ArrayLike<number>, offset?: number): number;
  /** log q of every row of theta [n, D] row-major; as logDensity, faster for many rows. */
  logDensities(theta: Float64Array): Float64Array;
  /** n independent draws, [n, D] row-major; the same stream and n give the same draws. */
  draw(n: number, random: RandomStream): Float64Array;
  /** Plain data that densityFromJson reads. */
  toJSON(): object;
}
