import { z } from 'zod';
import { fitConfigSchema } from './config.ts';
import { jointPriorSchema, priorSchema } from './prior.ts';
import { summarySchema } from './run.ts';

/** Where a result comes from: enough to make the same numbers again, and to see what they were made of. */
export const provenanceSchema = z.object({
  program: z.literal('Chronaxie'),
  version: z.string(),
  run: z.string(),
  recording: z.object({ file: z.string(), sha256: z.string(), sweeps: z.array(z.number().int()) }).nullable(),
  model: z.object({
    name: z.string(),
    sha256: z.string().meta({ description: 'Of the model’s content, or of the simulator module.' }),
  }),
  prior: z.array(z.object({ name: z.string(), unit: z.string(), prior: priorSchema })),
  jointPrior: jointPriorSchema.nullable(),
  algorithm: z.string(),
  seed: z.number(),
  strict: z.boolean(),
  device: z.string(),
  kernels: z.array(z.string()),
  simulations: z.number().int(),
  bad: z.number().int(),
  verdict: z.string(),
  configuration: fitConfigSchema,
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** The JSON files that an export writes, by name. */
const documents = {
  'summary.json': summarySchema,
  'config.json': fitConfigSchema,
  'provenance.json': provenanceSchema,
};

/** The JSON Schema (draft 2020-12) of each; docs/schema/ holds them for readers. */
export function documentSchemas(): { name: keyof typeof documents; text: string }[] {
  return (Object.keys(documents) as (keyof typeof documents)[]).map((name) => {
    const schema = { title: name, ...z.toJSONSchema(documents[name], { io: 'output' }) };
    return { name, text: `${JSON.stringify(schema, null, 2)}\n` };
  });
}
