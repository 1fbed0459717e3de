import { z } from 'zod';

export const warningSchema = z.object({ code: z.string(), message: z.string(), remedy: z.string() });
export type Warning = z.infer<typeof warningSchema>;

/** What a file's values are multiplied by where it states a wrong unit; null = they are as the file says. */
export const unitFactorsSchema = z.object({
  /** Given, a response that is labelled as a current is read as a voltage too: its pA, multiplied, are mV. */
  voltageFactor: z.number().positive().nullable(),
  currentFactor: z.number().positive().nullable(),
});
export type UnitFactors = z.infer<typeof unitFactorsSchema>;
export const unitsAsStated: UnitFactors = { voltageFactor: null, currentFactor: null };

/** A rectangular step of current that stands in for a stimulus that the file does not hold. */
export const givenStepSchema = z
  .strictObject({
    startMs: z.number().min(0),
    endMs: z.number(),
    /** pA, of the first sweep without a stimulus; outside the step nothing is injected. */
    amplitudePa: z.number(),
    /** pA that the amplitude grows by from one such sweep to the next. */
    incrementPa: z.number().default(0),
  })
  .refine(({ startMs, endMs }) => endMs > startMs, 'the step must end after it begins');
export type GivenStep = z.infer<typeof givenStepSchema>;

const columnsSchema = z.strictObject({
  /** Names of columns or paths of datasets, a sweep each (a matrix: a sweep a row); `*` stands for anything. */
  columns: z.array(z.string().min(1)).min(1),
  /** As people write it: mV, V, pA, nA. */
  unit: z.string(),
});

/** Which columns of a text file, or datasets of a plain HDF5 file, are a recording's time, voltage and current. */
export const traceMappingSchema = z
  .strictObject({
    time: z.strictObject({ column: z.string().min(1), unit: z.enum(['s', 'ms', 'us']) }).nullable(),
    /** Where no column tells the time. */
    rateHz: z.number().positive().nullable(),
    voltage: columnsSchema,
    /** One for all sweeps, or one a sweep; null = the file holds none. */
    current: columnsSchema.nullable(),
  })
  .refine(({ time, rateHz }) => (time === null) !== (rateHz === null), 'give either time or rateHz');
export type TraceMapping = z.infer<typeof traceMappingSchema>;

/** What is read otherwise than the file says, because it is wrong or silent there. */
export const readingSchema = unitFactorsSchema.extend({
  givenStep: givenStepSchema.nullable().default(null),
  /** Of a file of columns; null = told by their names and units. */
  mapping: traceMappingSchema.nullable().default(null),
});
export type Reading = z.infer<typeof readingSchema>;
export const asStated: Reading = { ...unitsAsStated, givenStep: null, mapping: null };

/** A rectangular current step; times in ms from the sweep's start, amplitudes in pA (relative = from the baseline). */
export const stepSchema = z.object({
  startMs: z.number(),
  endMs: z.number(),
  amplitudePa: z.number(),
  relativePa: z.number(),
});
export type CurrentStep = z.infer<typeof stepSchema>;

export const sweepModeSchema = z.enum(['current-clamp', 'voltage-clamp', 'i-zero']);

export const sweepSchema = z.object({
  sweep: z.number().int(),
  name: z.string(),
  mode: sweepModeSchema,
  /** The electrode (in ABF the input) that recorded it; left out where the file does not say. */
  electrode: z.string().optional(),
  usable: z.boolean(),
  /** Why the sweep is not usable; null when it is. */
  reason: z.string().nullable(),
  rateHz: z.number(),
  samples: z.number().int(),
  durationMs: z.number(),
  voltageMv: z.object({ min: z.number(), max: z.number(), mean: z.number() }).nullable(),
  current: z.object({
    kind: z.enum(['command', 'recorded', 'none']),
    holdingPa: z.number().nullable(),
    steps: z.array(stepSchema),
  }),
  spikes: z.number().int().nullable(),
});
export type SweepSummary = z.infer<typeof sweepSchema>;

/** The document that `chronaxie inspect --json` prints. */
export const inspectionSchema = z.object({
  file: z.string(),
  format: z.string(),
  /** The acquisition program's name for what was done, where the file says it. */
  protocol: z.string().optional(),
  /** What the columns of a text or plain HDF5 file were read as; left out for other formats. */
  mapping: traceMappingSchema.optional(),
  sha256: z.string(),
  sweeps: z.array(sweepSchema),
  warnings: z.array(warningSchema),
});
export type Inspection = z.infer<typeof inspectionSchema>;

/** What is known about the cell's membrane, and how. */
export const membraneSchema = z.object({
  /** pF */
  capacitancePf: z.number(),
  method: z.enum(['hyperpolarising-step', 'onset-slope', 'assumed', 'configured']),
  /** The sweep it was measured on; null where it was not measured. */
  sweep: z.number().int().nullable(),
  inputResistanceMohm: z.number().nullable(),
  timeConstantMs: z.number().nullable(),
  /** cm², from the capacitance at 1 µF/cm² */
  areaCm2: z.number(),
});
export type Membrane = z.infer<typeof membraneSchema>;

/**
 * A piece of a sweep, decimated for drawing: each of the `timeMs.length` columns holds the smallest and the largest
 * value between its time and the next, so that no spike loses its peak. Where the samples are fewer than the columns
 * asked for, min and max are equal and every sample is there.
 */
export interface TraceView {
  sweep: number;
  timeMs: Float32Array;
  voltageMinMv: Float32Array;
  voltageMaxMv: Float32Array;
  /** Empty where the sweep has no current. */
  currentMinPa: Float32Array;
  currentMaxPa: Float32Array;
}

export const featureValueSchema = z.object({
  name: z.string(),
  unit: z.string(),
  /** null = missing */
  value: z.number().nullable(),
  description: z.string(),
  /** Why it is missing; null when it is there. */
  missingBecause: z.string().nullable(),
});
export type FeatureValue = z.infer<typeof featureValueSchema>;

/** Where on a trace something was measured; voltages as recorded plus the junction potential. */
export const featureMarkSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stretch'), startMs: z.number(), endMs: z.number() }),
  z.object({ kind: z.literal('point'), timeMs: z.number(), voltageMv: z.number() }),
  z.object({
    kind: z.literal('line'),
    startMs: z.number(),
    startMv: z.number(),
    endMs: z.number(),
    endMv: z.number(),
  }),
]);
export type FeatureMark = z.infer<typeof featureMarkSchema>;

/** A feature with its exact definition and the places that it was measured at. */
export const locatedFeatureSchema = featureValueSchema.extend({
  definition: z.string(),
  marks: z.array(featureMarkSchema),
});
export type LocatedFeature = z.infer<typeof locatedFeatureSchema>;

/** A feature of several sweeps of one cell. */
export const familyFeatureSchema = featureValueSchema.extend({
  definition: z.string(),
  /** Those that it was measured in. */
  sweeps: z.array(z.number().int()),
});
export type FamilyFeature = z.infer<typeof familyFeatureSchema>;

/** What is known of a recording before its samples were read. */
export const outlineSchema = z.object({
  format: z.string(),
  sweeps: z.array(
    sweepSchema.pick({
      sweep: true,
      name: true,
      mode: true,
      electrode: true,
      rateHz: true,
      samples: true,
      durationMs: true,
    }),
  ),
});
export type Outline = z.infer<typeof outlineSchema>;
