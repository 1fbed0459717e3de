import { z } from 'zod';
import { parameterSchema } from './prior.ts';

const expression = z.string().min(1);

/**
 * A gate follows dx/dt = (x∞ − x)/τ. Either opening and closing rates (1/ms) or steady state and time constant (ms);
 * expressions of V (mV) and of the model's parameters.
 */
export const gateSchema = z.union([
  z.strictObject({
    name: z.string(),
    power: z.number().int().min(1).max(8),
    alpha: expression,
    beta: expression,
  }),
  z.strictObject({
    name: z.string(),
    power: z.number().int().min(1).max(8),
    inf: expression,
    tau: expression,
  }),
]);

export const channelSchema = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  /** Maximal conductance, mS/cm² */
  conductance: expression,
  /** Reversal potential, mV */
  reversal: expression,
  gates: z.array(gateSchema),
});

/** A model file in resources/models/ or of the user's own. Units: mV, ms, mS/cm², µA/cm², µF/cm². */
export const modelFileSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z][\w-]*$/, 'a model name is letters, digits, "-" and "_"'),
  title: z.string(),
  description: z.string(),
  citations: z.array(z.string()),
  /** Specific membrane capacitance, µF/cm² */
  capacitance: expression,
  /** Named expressions that others may use, evaluated in order. */
  definitions: z.record(z.string(), expression).default({}),
  channels: z.array(channelSchema).min(1),
  /** Standard deviation of the white current noise, µA·√ms/cm²; absent = none. */
  noise: expression.optional(),
  parameters: z.array(parameterSchema).min(1),
});
export type ModelFile = z.infer<typeof modelFileSchema>;
export type GateFile = z.infer<typeof gateSchema>;
export type ChannelFile = z.infer<typeof channelSchema>;

/** What the interface and `models --json` show of a model. */
export const modelSummarySchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  citations: z.array(z.string()),
  builtIn: z.boolean(),
  file: z.string(),
  parameters: z.array(parameterSchema),
});
export type ModelSummary = z.infer<typeof modelSummarySchema>;

/** PROTOCOL.json of the command line: a current density over time. */
export const protocolFileSchema = z.strictObject({
  dtMs: z.number().positive().max(1),
  durationMs: z.number().positive(),
  initialMv: z.number(),
  stimulus: z.array(
    z
      .strictObject({ startMs: z.number().min(0), endMs: z.number(), uAPerCm2: z.number() })
      .refine((s) => s.endMs > s.startMs, 'a stimulus step must end after it starts'),
  ),
  /** Any other current, one value a time step from 0 ms on, added to the steps; 0 after the last. */
  currentUAPerCm2: z.array(z.number()).optional(),
});
export type ProtocolFile = z.infer<typeof protocolFileSchema>;

/** Simulations at draws from the prior, over the recorded sweep; decimated pairwise as TraceView. */
export interface PriorPreview {
  timeMs: Float32Array;
  /** With the junction potential. */
  observedMinMv: Float32Array;
  observedMaxMv: Float32Array;
  /** During the main step. */
  observedSpikes: number;
  /** spikes: during the main step; null = the simulation is bad and would be set aside. */
  draws: { minMv: Float32Array; maxMv: Float32Array; spikes: number | null }[];
  seconds: number;
}
