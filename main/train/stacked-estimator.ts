import { z } from 'zod';
import type { Density } from '../density/density.ts';
import { stackDensities } from '../density/stacked.ts';
import { logSumExp } from '../numeric/special.ts';
import { AutoregressiveEstimator } from './autoregressive-estimator.ts';
import { mismatch, type ConditionalEstimator, type DensityFamily } from './conditional-estimator.ts';
import { DensityEstimator } from './estimator.ts';
import * as stored from './estimator-bytes.ts';
import type { NetworkSpec } from './network.ts';
import type { Standardisation } from './standardisation.ts';

const headerSchema = z.object({
  format: z.literal('chronaxie-stack-1'),
  logWeights: z.array(z.number()),
  /** Bytes of every member */
  lengths: z.array(z.number()),
});

/** Σ_i w_i q_i(θ|x): an ensemble. Immutable. */
export class StackedEstimator implements ConditionalEstimator {
  readonly members: readonly ConditionalEstimator[];
  /** log w_i, normalised */
  readonly logWeights: Float64Array;

  /** @throws AppError internal where there are no members, or they describe different things */
  constructor(members: readonly ConditionalEstimator[], logWeights: Float64Array) {
    const shape = ({ spec }: ConditionalEstimator) => `${spec.inputs} ${spec.outputs}`;
    const fits = members.length > 0 && members.length === logWeights.length;
    if (!fits || members.some((member) => shape(member) !== shape(members[0]!)))
      throw mismatch('The members of an ensemble do not fit together.');
    this.members = members;
    const total = logSumExp(logWeights);
    this.logWeights = logWeights.map((value) => value - total);
  }

  /** Of the heaviest member. */
  get family(): DensityFamily {
    return this.#heaviest.family;
  }
  get spec(): NetworkSpec {
    return this.#heaviest.spec;
  }
  get standardisation(): Standardisation {
    return this.#heaviest.standardisation;
  }

  condition(x: ArrayLike<number>): Density {
    return stackDensities(
      this.members.map((member) => member.condition(x)),
      this.logWeights,
    );
  }

  logDensityAt(x: Float64Array, theta: Float64Array): Float64Array {
    const parts = this.members.map((member) => member.logDensityAt(x, theta));
    return parts[0]!.map((_, n) => logSumExp(this.logWeights.map((w, i) => w + parts[i]![n]!)));
  }

  toBytes(): Uint8Array {
    const members = this.members.map((member) => member.toBytes());
    const rest = new Uint8Array(members.reduce((sum, { length }) => sum + length, 0));
    let offset = 0;
    for (const member of members) {
      rest.set(member, offset);
      offset += member.length;
    }
    const lengths = members.map(({ length }) => length);
    return stored.writeStored(
      { format: 'chronaxie-stack-1', logWeights: [...this.logWeights], lengths },
      rest,
    );
  }

  get #heaviest(): ConditionalEstimator {
    return this.members[this.logWeights.indexOf(Math.max(...this.logWeights))]!;
  }
}

/** @throws AppError internal where the bytes are not what toBytes of an estimator wrote */
export function estimatorFromBytes(bytes: Uint8Array): ConditionalEstimator {
  const { header, rest } = stored.readStored(bytes);
  const { format } = stored.parseHeader(z.object({ format: z.string() }), header);
  if (format === 'chronaxie-autoregressive-1') return AutoregressiveEstimator.fromBytes(bytes);
  if (format !== 'chronaxie-stack-1') return DensityEstimator.fromBytes(bytes);
  const { logWeights, lengths } = stored.parseHeader(headerSchema, header);
  let offset = 0;
  const members = lengths.map((length) => estimatorFromBytes(rest.subarray(offset, (offset += length))));
  if (offset !== rest.length) throw mismatch('A stored estimator is damaged: its length is wrong.');
  return new StackedEstimator(members, Float64Array.from(logWeights));
}
