import { z } from 'zod';

/** One parameter's prior, in the parameter's own unit. */
export const priorSchema = z.union([
  z
    .strictObject({ uniform: z.tuple([z.number(), z.number()]) })
    .refine(
      (p) => p.uniform[0] < p.uniform[1],
      'a uniform prior needs its lower bound below its upper bound',
    ),
  z
    .strictObject({ logUniform: z.tuple([z.number().positive(), z.number().positive()]) })
    .refine((p) => p.logUniform[0] < p.logUniform[1], 'a log-uniform prior needs 0 < lower < upper'),
  z
    .strictObject({ normal: z.tuple([z.number(), z.number()]) })
    .refine((p) => p.normal[1] > 0, 'a normal prior needs a positive standard deviation'),
  z
    .strictObject({ logNormal: z.tuple([z.number(), z.number()]) })
    .refine(
      (p) => p.logNormal[1] > 0,
      'a log-normal prior needs a positive standard deviation of the logarithm',
    ),
]);
export type PriorSpec = z.infer<typeof priorSchema>;

/** A correlated normal prior over all parameters. */
export const jointPriorSchema = z.strictObject({
  normal: z.strictObject({
    mean: z.array(z.number()).min(1),
    covariance: z.array(z.array(z.number())).min(1),
  }),
});
export type JointPriorSpec = z.infer<typeof jointPriorSchema>;

export const parameterSchema = z.strictObject({
  name: z.string().min(1),
  /** As set in papers: "g_Na"; the part after "_" is a subscript. */
  symbol: z.string().optional(),
  unit: z.string().default(''),
  description: z.string().optional(),
  /** A value known to be reasonable; used where the parameter is fixed and for demonstrations. */
  reference: z.number().optional(),
  prior: priorSchema,
});
export type ParameterSpec = z.infer<typeof parameterSchema>;
