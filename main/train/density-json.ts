import { z } from 'zod';
import type { Density } from '../density/density.ts';
import { Mixture } from '../density/mixture.ts';
import { stackDensities } from '../density/stacked.ts';
import { AutoregressiveDensity } from './autoregressive-density.ts';

const kindSchema = z.looseObject({ kind: z.string().optional() });
const stackSchema = z.strictObject({
  kind: z.literal('stack'),
  logWeights: z.array(z.number()),
  densities: z.array(z.unknown()).min(1),
});

/**
 * The density whose toJSON this is; without a kind it is a Mixture.
 * @throws AppError input-invalid where it is none
 */
export function densityFromJson(json: unknown): Density {
  const kind = kindSchema.safeParse(json).data?.kind;
  if (kind === 'autoregressive') return AutoregressiveDensity.fromJSON(json);
  const stack = stackSchema.safeParse(json);
  if (!stack.success) return Mixture.fromJSON(json);
  const { logWeights, densities } = stack.data;
  return stackDensities(densities.map(densityFromJson), Float64Array.from(logWeights));
}
