import { AppError } from '../contract/errors.ts';
import type { RandomStream } from '../numeric/random.ts';
import { logSumExp } from '../numeric/special.ts';
import type { Density } from './density.ts';
import { Mixture } from './mixture.ts';

/**
 * Σ_i w_i q_i(θ), the weights normalised: one Mixture where all parts are mixtures with the same tails.
 * @throws AppError internal where there is no part, or the dimensions differ
 */
export function stackDensities(densities: readonly Density[], logWeights: Float64Array): Density {
  if (densities.length === 1) return densities[0]!;
  const mixtures = densities.filter((density) => density instanceof Mixture);
  const tails = new Set(mixtures.map(({ studentT }) => studentT));
  if (mixtures.length < densities.length || tails.size !== 1)
    return new StackedDensity(densities, logWeights);
  return new Mixture({
    components: mixtures.reduce((sum, { components }) => sum + components, 0),
    dimension: mixtures[0]!.dimension,
    logWeights: join(mixtures.map((m, i) => m.logWeights.map((value) => value + logWeights[i]!))),
    means: join(mixtures.map(({ means }) => means)),
    precisionFactors: join(mixtures.map(({ precisionFactors }) => precisionFactors)),
    studentT: mixtures[0]!.studentT,
  });
}

/** A weighted sum of densities of any kind. */
export class StackedDensity implements Density {
  readonly dimension: number;
  readonly densities: readonly Density[];
  /** log w_i, normalised to Σ w_i = 1 */
  readonly logWeights: Float64Array;

  /** @throws AppError internal where there is no part, or the dimensions differ */
  constructor(densities: readonly Density[], logWeights: Float64Array) {
    const dimension = densities[0]?.dimension ?? 0;
    const total = logSumExp(logWeights);
    const fits = densities.length > 0 && densities.length === logWeights.length && Number.isFinite(total);
    if (!fits || densities.some((density) => density.dimension !== dimension)) {
      throw new AppError('internal', 'Densities to be stacked need one dimension and a weight each.', {
        remedy: 'Please report this together with the log.',
      });
    }
    this.dimension = dimension;
    this.densities = densities;
    this.logWeights = logWeights.map((value) => value - total);
  }

  logDensity(theta: ArrayLike<number>, offset = 0): number {
    return logSumExp(
      this.logWeights.map((logWeight, i) => logWeight + this.densities[i]!.logDensity(theta, offset)),
    );
  }

  logDensities(theta: Float64Array): Float64Array {
    const parts = this.densities.map((density) => density.logDensities(theta));
    const terms = new Float64Array(parts.length);
    return Float64Array.from({ length: theta.length / this.dimension }, (_, n) => {
      parts.forEach((part, i) => (terms[i] = this.logWeights[i]! + part[n]!));
      return logSumExp(terms);
    });
  }

  /** First the part of every row is drawn, then the rows of each part together. */
  draw(n: number, random: RandomStream): Float64Array {
    const { dimension: D, densities } = this;
    const rows: number[][] = densities.map(() => []);
    for (let row = 0; row < n; row++) rows[this.#choose(random.uniform())]!.push(row);
    const out = new Float64Array(n * D);
    rows.forEach((own, i) => {
      if (own.length === 0) return;
      const drawn = densities[i]!.draw(own.length, random);
      own.forEach((row, j) => out.set(drawn.subarray(j * D, (j + 1) * D), row * D));
    });
    return out;
  }

  toJSON(): object {
    return {
      kind: 'stack',
      logWeights: [...this.logWeights],
      densities: this.densities.map((density) => density.toJSON()),
    };
  }

  #choose(uniform: number): number {
    let left = uniform;
    for (let i = 0; i < this.densities.length - 1; i++) {
      left -= Math.exp(this.logWeights[i]!);
      if (left < 0) return i;
    }
    return this.densities.length - 1;
  }
}

function join(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
