import { z } from 'zod';
import { parameterSchema } from './prior.ts';

const expression = z.string().min(1);
const name = z.string().min(1);

/** Kinetics of a gate: exactly one of the forms that `kineticsOf` in main/model reads. */
const kinetics = {
  /** Opening and closing rates, 1/ms */
  alpha: expression.optional(),
  beta: expression.optional(),
  /** Steady state, 0 to 1, and time constant, ms; without tau the gate is instantaneous. */
  inf: expression.optional(),
  tau: expression.optional(),
  /** Factor of the rates, most often a Q10 factor: 3^((celsius - 6.3)/10) */
  speed: expression.optional(),
};
const wrongKinetics = (gate: Partial<Record<keyof typeof kinetics, string | undefined>>): boolean => {
  const rates = gate.alpha !== undefined && gate.beta !== undefined;
  const noRates = gate.alpha === undefined && gate.beta === undefined;
  return !(rates ? gate.inf === undefined && gate.tau === undefined : noRates && gate.inf !== undefined);
};
const kineticsForms = 'expected alpha and beta, or inf and tau, or inf alone (an instantaneous gate)';

/**
 * A gate follows dx/dt = (x∞ − x)/τ. With a name and a power alone it is one of the model's shared gates.
 */
export const gateSchema = z
  .strictObject({
    name,
    power: z.union(
      [z.number().positive().max(64), expression],
      'expected a positive number or an expression',
    ),
    ...kinetics,
  })
  .refine(
    (gate) =>
      ![gate.alpha, gate.beta, gate.inf, gate.tau, gate.speed].some((part) => part !== undefined) ||
      !wrongKinetics(gate),
    `${kineticsForms}, or none of them (one of the model's shared gates)`,
  );

/** A gate that several channels use, or expressions by its name. */
export const sharedGateSchema = z
  .strictObject({ name, compartment: name.optional(), ...kinetics })
  .refine((gate) => !wrongKinetics(gate), kineticsForms);

export const channelSchema = z.strictObject({
  name,
  description: z.string().optional(),
  compartment: name.optional(),
  /** Maximal conductance, mS/cm² */
  conductance: expression,
  /** Reversal potential, mV */
  reversal: expression,
  gates: z.array(gateSchema),
});

/** A current that is not a conductance times a driving force: GHK, a pump, the spike upstroke of an integrate-and-fire cell. */
export const currentSchema = z.strictObject({
  name,
  description: z.string().optional(),
  compartment: name.optional(),
  /** Outward positive, µA/cm² */
  current: expression,
});

/** A variable with an equation of its own: a concentration, an adaptation current, a fluctuating conductance. */
export const stateSchema = z.strictObject({
  name,
  unit: z.string().default(''),
  description: z.string().optional(),
  compartment: name.optional(),
  /** At the start, where V is the protocol's first voltage. */
  initial: expression,
  /** d/dt, in the state's unit per ms */
  derivative: expression,
  /** Intensity of the state's own white noise, in its unit per √ms; absent = none. */
  noise: expression.optional(),
});

/** What happens when the voltage of the recorded compartment reaches a threshold. */
export const spikeSchema = z.strictObject({
  /** mV */
  threshold: expression,
  /** The voltage that the trace shows at the spike, mV. */
  peak: expression,
  /** New values of V and of states, by name. */
  reset: z.record(z.string(), expression),
  /** How long V is held at its reset value, ms; absent = not at all. */
  refractory: expression.optional(),
});

export const compartmentSchema = z.strictObject({
  name,
  description: z.string().optional(),
  /** Its share of the membrane area. */
  area: expression,
});
export const couplingSchema = z.strictObject({
  between: z.tuple([name, name]),
  /** mS per cm² of the whole membrane */
  conductance: expression,
});

/** A model file in resources/models/ or of the user's own; docs/models.md. Units: mV, ms, mS/cm², µA/cm², µF/cm², mM. */
export const modelFileSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z][\w-]*$/, 'a model name is letters, digits, "-" and "_"'),
  title: z.string(),
  description: z.string(),
  citations: z.array(z.string()),
  /** Specific membrane capacitance, µF/cm² */
  capacitance: expression,
  /** Two compartments or more; absent = one. */
  compartments: z.array(compartmentSchema).min(2).optional(),
  couplings: z.array(couplingSchema).optional(),
  /** The compartments that receive the current and whose voltage is recorded; absent = the first. */
  stimulated: name.optional(),
  recorded: name.optional(),
  /** Named expressions that others may use, evaluated in order. */
  definitions: z.record(z.string(), expression).default({}),
  /** Gates that several channels share. */
  gates: z.array(sharedGateSchema).optional(),
  channels: z.array(channelSchema),
  currents: z.array(currentSchema).optional(),
  states: z.array(stateSchema).optional(),
  spike: spikeSchema.optional(),
  /** Standard deviation of the white current noise, µA·√ms/cm²; absent = none. */
  noise: expression.optional(),
  parameters: z.array(parameterSchema).min(1),
});
export type ModelFile = z.infer<typeof modelFileSchema>;
export type GateFile = z.infer<typeof gateSchema>;
export type ChannelFile = z.infer<typeof channelSchema>;
export type StateFile = z.infer<typeof stateSchema>;

/** Files that hold a model: ours, and NeuroML. */
export const isModelFile = (path: string): boolean => /\.(json|nml|xml)$/i.test(path);

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
