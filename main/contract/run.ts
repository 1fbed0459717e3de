import { z } from 'zod';
import { fitConfigSchema } from './config.ts';
import { parameterSchema, priorSchema } from './prior.ts';
import { warningSchema } from './recording.ts';

export const runStateSchema = z.enum(['queued', 'running', 'finished', 'cancelled', 'interrupted', 'failed']);
export type RunState = z.infer<typeof runStateSchema>;

/** The device that a round's networks were trained on. */
export const trainedOnSchema = z.object({
  device: z.enum(['cpu', 'cuda', 'webgpu']),
  /** What --device auto measured, in ms of one step of one network; empty where nothing was to choose. */
  times: z.array(
    z.object({ device: z.enum(['cpu', 'cuda', 'webgpu']), description: z.string(), msPerStep: z.number() }),
  ),
  /** Why the device that was to train did not finish, and the processor did; null = it did. */
  lost: z.string().nullable(),
});
export type TrainedOn = z.infer<typeof trainedOnSchema>;

/** What a finished round reports; the rounds of summary.json. */
export const roundReportSchema = z.object({
  round: z.number().int(),
  simulations: z.number().int(),
  bad: z.number().int(),
  badReasons: z.record(z.string(), z.number().int()),
  /** Missing feature values by feature name, among the good simulations. */
  missing: z.record(z.string(), z.number().int()),
  /** Effective sample size (Σw)²/Σw² of the good simulations' weights. */
  ess: z.number(),
  /** Share of this round's posterior estimate inside the prior's support. */
  acceptance: z.number(),
  loss: z.number(),
  validationLoss: z.number(),
  epochs: z.number().int(),
  /** Training steps left out because their loss or gradient was not finite. */
  skippedSteps: z.number().int(),
  seconds: z.object({ simulate: z.number(), train: z.number() }),
  /** What the processor trained with: a build of the kernels, as native/kernels.ts names it; null = not known, or nothing was trained. */
  kernels: z.string().nullable().default(null),
  /**
   * What the round drew from. 'search' is a round of ibea: its epochs are generations, its loss the best sum of objectives
   * so far, its validationLoss the median sum of the population that survived, its ess all good simulations.
   */
  drawnFrom: z.enum(['prior', 'estimate', 'truncated-prior', 'search']).nullable().default(null),
  /** How the truncated prior was sampled. */
  truncation: z
    .object({
      method: z.enum(['rejection', 'resampling']),
      /** Share of the prior inside the region. */
      acceptance: z.number(),
      /** Smallest effective sample size of the resampling weights; null where draws were rejected only. */
      ess: z.number().nullable(),
    })
    .nullable()
    .default(null),
  /** ĝ(θ) = P(bad|θ) that thinned this round's proposal; null = none was used. */
  classifier: z
    .object({
      trainedOn: z.number().int(),
      /** Share of this round's simulations that it foretold right, bad ones and good ones counted equally. */
      balancedAccuracy: z.number().nullable(),
      accuracy: z.number(),
      /** Draws that it turned away before they were simulated. */
      thinned: z.number().int(),
    })
    .nullable()
    .default(null),
  /** Every density family that was trained, and its mean held-out log q(θ|x); the chosen one first. */
  families: z
    .array(
      z.object({
        family: z.enum(['mixture', 'autoregressive', 'bounded']),
        components: z.number().int(),
        heldOutLogScore: z.number(),
        epochs: z.number().int(),
        seconds: z.number(),
      }),
    )
    .default([]),
  /** null: a search, or a run from before there was a choice */
  trainedOn: trainedOnSchema.nullable().default(null),
  /** What happened in this round that a person should know, in sentences. */
  notices: z.array(z.string()).default([]),
  /** The run that trained the network: this one only gave it another observation. Absent where the run trained its own. */
  networkOf: z.string().optional(),
});
export type RoundReport = z.infer<typeof roundReportSchema>;

export const fittedParameterSchema = z.object({
  name: z.string(),
  unit: z.string(),
  prior: z.union([
    priorSchema,
    z.object({ normal: z.object({ mean: z.array(z.number()), covariance: z.array(z.array(z.number())) }) }),
  ]),
  median: z.number(),
  q05: z.number(),
  q95: z.number(),
  map: z.number(),
});
export type FittedParameter = z.infer<typeof fittedParameterSchema>;

/** summary.json */
export const summarySchema = z.object({
  id: z.string(),
  version: z.string(),
  seed: z.number(),
  algorithm: z.string(),
  device: z.string(),
  strict: z.boolean(),
  seconds: z.number(),
  recording: z.object({ file: z.string(), sha256: z.string(), sweeps: z.array(z.number().int()) }).nullable(),
  model: z.string(),
  features: z.array(z.object({ name: z.string(), unit: z.string(), observed: z.number().nullable() })),
  parameters: z.array(fittedParameterSchema),
  rounds: z.array(roundReportSchema),
  diagnostics: z.object({
    /** Share of the final estimate's mass inside the prior's support. */
    acceptance: z.number(),
    /** Per feature: where the observation lies among posterior-predictive simulations, 0…1; null = missing. */
    predictivePercentiles: z.record(z.string(), z.number().nullable()),
    /** Per parameter: 1 − posterior variance / prior variance (on the log axis for log priors). */
    contraction: z.record(z.string(), z.number()).default({}),
    /** [D][D] of the posterior samples, in the order of `parameters`. */
    correlation: z.array(z.array(z.number())).default([]),
    /** The observation among prior simulations; null = could not be compared. */
    misspecification: z
      .object({
        /** Share of the prior's simulations that lie nearer their centre than the observation (Mahalanobis); null = no simulation has enough of the features. */
        mahalanobisRank: z.number().nullable(),
        /** Features whose observed value no or hardly any prior simulation reaches. */
        outOfRange: z.array(z.string()),
      })
      .nullable()
      .default(null),
    verdict: z.enum(['trust', 'look-closer', 'do-not-trust']),
    reasons: z.array(z.string()),
  }),
  /** Of ibea: its hall of fame, in the order of the rows of posterior-samples.csv; null for an inference. */
  search: z
    .object({
      /** Names of the features that an objective |s − s_o|/σ_pilot belongs to. */
      objectives: z.array(z.string()),
      hallOfFame: z.array(z.object({ sum: z.number(), objectives: z.array(z.number()) })),
    })
    .nullable()
    .default(null),
  warnings: z.array(warningSchema),
});
export type Summary = z.infer<typeof summarySchema>;

/** The loss curve of a round, epoch by epoch; NaN where nothing was held out. */
export interface RoundLosses {
  round: number;
  losses: Float64Array;
  validationLosses: Float64Array;
}

/** Live progress of a run. Fractions are left to the reader: counts are exact. */
export const progressSchema = z.object({
  id: z.string(),
  phase: z.enum(['prepare', 'pilot', 'simulate', 'train', 'sample', 'predict']),
  round: z.number().int(),
  rounds: z.number().int(),
  simulationsDone: z.number().int(),
  simulationsTotal: z.number().int(),
  simulationsPerSecond: z.number().nullable(),
  bad: z.number().int(),
  missing: z.number().int(),
  ess: z.number().nullable(),
  loss: z.number().nullable(),
  validationLoss: z.number().nullable(),
  epoch: z.number().int().nullable(),
  etaSeconds: z.number().nullable(),
});
export type Progress = z.infer<typeof progressSchema>;

/** What a fit would take. */
export const fitEstimateSchema = z.object({
  simulations: z.number().int(),
  /** null = nothing like it was run here yet. */
  seconds: z.number().nullable(),
  /** Name of the run whose speed it is taken from; null likewise. */
  like: z.string().nullable(),
});
export type FitEstimate = z.infer<typeof fitEstimateSchema>;

/** A line of the history. */
export const runSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  project: z.string(),
  state: runStateSchema,
  createdAt: z.string(),
  source: z.string(),
  sweep: z.number().int().nullable(),
  model: z.string(),
  algorithm: z.string(),
  roundsDone: z.number().int(),
  rounds: z.number().int(),
  seconds: z.number(),
  error: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

export const runDetailSchema = runSummarySchema.extend({
  config: fitConfigSchema,
  /** Free parameters in the order of every matrix, with the priors used. */
  parameters: z.array(parameterSchema),
  features: z.array(z.object({ name: z.string(), unit: z.string(), observed: z.number().nullable() })),
  reports: z.array(roundReportSchema),
  summary: summarySchema.nullable(),
  /** The values that parameters are known to have, by name: data that were simulated. Entered by a person; empty = not known. */
  truth: z.record(z.string(), z.number()),
});
export type RunDetail = z.infer<typeof runDetailSchema>;

export const exportFormatSchema = z.enum([
  'report',
  'csv',
  'json',
  'nwb',
  'netcdf',
  'mat',
  'sbi',
  'neuron',
  'neuroml',
]);
export type ExportFormat = z.infer<typeof exportFormatSchema>;
