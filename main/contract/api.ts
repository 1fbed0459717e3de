import { z } from 'zod';
import { calibrationCostSchema, calibrationProgressSchema, calibrationSchema } from './calibration.ts';
import { fitConfigSchema } from './config.ts';
import { equationsSchema } from './equations.ts';
import { parameterSchema } from './prior.ts';
import { modelSummarySchema, type PriorPreview } from './model.ts';
import type { ConditionalView, HallOfFame, PosteriorView, PredictiveView } from './posterior.ts';
import {
  asStated,
  inspectionSchema,
  familyFeatureSchema,
  locatedFeatureSchema,
  membraneSchema,
  outlineSchema,
  type TraceView,
  readingSchema,
  traceMappingSchema,
  unitFactorsSchema,
  warningSchema,
} from './recording.ts';
import {
  exportFormatSchema,
  fitEstimateSchema,
  progressSchema,
  type RoundLosses,
  roundReportSchema,
  runDetailSchema,
  runSummarySchema,
} from './run.ts';

/**
 * The one schema value from which main, preload, socket, renderer and test doubles are made. Inputs are checked at run
 * time on the receiving side; outputs are checked in tests and typed everywhere. Typed arrays cross as they are.
 */
const runId = z.strictObject({ id: z.string().min(1) });
const calibrationRequest = z.strictObject({
  id: z.string().min(1),
  simulations: z.number().int().min(20).max(10_000).default(300),
});
/** How the file is read: as it states, or mended where it is wrong or silent. */
const reading = readingSchema.default(asStated);
/** The names that a file's refusal tells. */
const columns = z.strictObject({ columns: z.array(z.string()).min(1).max(200) });
const nothing = z.undefined();
const bytes = z.instanceof(Uint8Array);

function call<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): { input: I; output: O } {
  return { input, output };
}

export const calls = {
  'app.info': call(
    nothing,
    z.object({
      version: z.string(),
      transport: z.enum(['desktop', 'served']),
      historyFile: z.string(),
      cores: z.number().int(),
      exampleAvailable: z.boolean(),
      /** What it runs on: «Node» → «24.21.0», and in the desktop application Electron and Chromium. */
      runsOn: z.record(z.string(), z.string()),
    }),
  ),
  /** Faults of the program since it was started, the oldest first; each with its stack. */
  'app.log': call(nothing, z.array(z.string())),
  /** Where the file system is out of the renderer's reach (served), a file arrives in pieces; the last returns its path. */
  'file.upload': call(
    z.strictObject({
      upload: z.string(),
      name: z.string(),
      offset: z.number().int().min(0),
      bytes,
      last: z.boolean(),
    }),
    z.object({ path: z.string().nullable() }),
  ),
  /** Desktop only: the system's dialogs. null = the person closed it. */
  'file.choose': call(nothing, z.object({ paths: z.array(z.string()) }).nullable()),
  'file.save': call(
    z.strictObject({ name: z.string(), mime: z.string(), bytes }),
    z.object({ path: z.string() }).nullable(),
  ),
  /** A page without scripts, printed to PDF by the desktop's own printing. */
  'file.savePdf': call(
    z.strictObject({ name: z.string(), html: bytes }),
    z.object({ path: z.string() }).nullable(),
  ),

  /** The bundled recording, and the configuration that the demonstration fits it with. */
  'recording.example': call(nothing, z.object({ path: z.string(), config: fitConfigSchema })),
  /** What is known at once of a file of any size; the inspection reads every sample. */
  'recording.outline': call(z.strictObject({ path: z.string(), reading }), outlineSchema),
  'recording.inspect': call(
    z.strictObject({ path: z.string(), reading }),
    z.object({
      inspection: inspectionSchema,
      /** Factors that would make implausible values those of a cell; null = nothing is wrong, or no factor helps. */
      likelyUnits: unitFactorsSchema,
      membrane: membraneSchema.nullable(),
      suggestedSweep: z.number().nullable(),
    }),
  ),
  'recording.traces': call(
    z.strictObject({
      path: z.string(),
      reading,
      sweeps: z.array(z.number().int()).min(1).max(500),
      startMs: z.number().min(0),
      endMs: z.number(),
      columns: z.number().int().min(16).max(8192),
    }),
    z.custom<TraceView[]>((v) => Array.isArray(v)),
  ),
  'recording.features': call(
    z.strictObject({
      path: z.string(),
      reading,
      sweep: z.number().int(),
      set: z.string(),
      liquidJunctionMv: z.number(),
    }),
    z.array(locatedFeatureSchema),
  ),
  'recording.family': call(
    z.strictObject({ path: z.string(), reading, liquidJunctionMv: z.number() }),
    z.array(familyFeatureSchema),
  ),

  /** What was said of columns that do not tell what they are, for every file that has the same; null = nothing yet. */
  'columns.recall': call(columns, z.object({ mapping: traceMappingSchema.nullable() })),
  'columns.remember': call(columns.extend({ mapping: traceMappingSchema }), z.object({})),
  'columns.forget': call(columns, z.object({})),

  /** What the window remembers from one start to the next, by name; kept beside the history. */
  'session.read': call(nothing, z.record(z.string(), z.string())),
  'session.write': call(
    z.strictObject({ key: z.string().max(100), value: z.string().max(1_000_000) }),
    z.object({}),
  ),

  'model.list': call(nothing, z.array(modelSummarySchema)),
  /** A model file of the person's own; refused, in words, where it is not a model. */
  'model.load': call(z.strictObject({ path: z.string() }), modelSummarySchema),
  /** By a built-in name or a model file's path. */
  'model.equations': call(z.strictObject({ model: z.string() }), equationsSchema),
  /** What the prior thinks possible, over the recorded sweep. */
  'model.preview': call(
    z.strictObject({
      config: fitConfigSchema,
      draws: z.number().int().min(1).max(100),
      columns: z.number().int().min(16).max(8192),
      seed: z.number().int().min(0),
    }),
    z.custom<PriorPreview>((v) => typeof v === 'object' && v !== null && 'draws' in v),
  ),

  /**
   * Runs a simulator module as far as it tells what it declares; asked for only once the person has said that it may run. Its
   * observation is the first table among the files that came with it which has its features.
   */
  'simulator.open': call(
    z.strictObject({ module: z.string().min(1), files: z.array(z.string().min(1)).max(16) }),
    z.object({
      simulator: z.string(),
      observation: z.string(),
      parameters: z.array(parameterSchema),
      features: z.array(z.object({ name: z.string(), unit: z.string(), observed: z.number().nullable() })),
    }),
  ),

  'fit.defaults': call(nothing, fitConfigSchema),
  'fit.start': call(z.strictObject({ config: fitConfigSchema, name: z.string().optional() }), runId),
  'fit.cancel': call(runId, z.object({ cancelled: z.boolean() })),
  'fit.resume': call(runId, runId),
  /** To a finished run, or to one that was stopped; it goes on at once. */
  'fit.addRounds': call(
    z.strictObject({ id: z.string().min(1), rounds: z.number().int().min(1).max(100) }),
    runId,
  ),
  /** What a fit would take, from the speed of earlier ones here. */
  'fit.estimate': call(z.strictObject({ config: fitConfigSchema }), fitEstimateSchema),

  'history.list': call(nothing, z.array(runSummarySchema)),
  'history.show': call(runId, runDetailSchema),
  /** Runs of a recording's content, wherever its file lay; and of this file when it held something else. */
  'history.ofRecording': call(
    z.strictObject({ sha256: z.string(), path: z.string() }),
    z.object({ runs: z.array(runSummarySchema), before: z.array(runSummarySchema) }),
  ),
  /** The loss of every epoch of the finished rounds; of a search, of every generation. */
  'history.losses': call(
    runId,
    z.custom<RoundLosses[]>((v) => Array.isArray(v)),
  ),
  'history.rename': call(
    z.strictObject({ id: z.string(), name: z.string().min(1).max(200) }),
    runSummarySchema,
  ),
  /** What the parameters are known to be, where the data were simulated; it replaces what was known before. */
  'history.setTruth': call(
    z.strictObject({ id: z.string().min(1), truth: z.record(z.string(), z.number()) }),
    z.object({}),
  ),
  /** Takes a run out of every list; it can be restored for a day. */
  'history.discard': call(runId, z.object({ discarded: z.boolean() })),
  'history.restore': call(runId, runSummarySchema),
  'history.delete': call(runId, z.object({ deleted: z.boolean() })),
  /** Of finished searches (ibea) on the same data with the same model and the same free parameters; the newest first. */
  'history.hallsOfFame': call(
    runId,
    z.custom<HallOfFame[]>((v) => Array.isArray(v)),
  ),

  'posterior.view': call(
    z.strictObject({
      id: z.string(),
      round: z.number().int().min(1),
      grid: z.number().int().min(16).max(512),
    }),
    z.custom<PosteriorView>((v) => typeof v === 'object' && v !== null && 'marginals' in v),
  ),
  'posterior.predictive': call(
    z.strictObject({
      id: z.string(),
      round: z.number().int().min(1),
      draws: z.number().int().min(1).max(100),
      columns: z.number().int().min(16).max(8192),
    }),
    z.custom<PredictiveView>((v) => typeof v === 'object' && v !== null && 'draws' in v),
  ),

  /** Keys of `fixed` are parameter indices, values in the parameter's unit. */
  'posterior.conditional': call(
    z.strictObject({
      id: z.string(),
      round: z.number().int().min(1),
      fixed: z.record(z.string().regex(/^\d+$/), z.number()),
      grid: z.number().int().min(16).max(512),
    }),
    z.custom<ConditionalView>((v) => typeof v === 'object' && v !== null && 'marginals' in v),
  ),

  /** What a calibration would take; shown before it is started. */
  'calibration.cost': call(calibrationRequest, calibrationCostSchema),
  /** Waits its turn among the fits; its end is told by calibration.ended. */
  'calibration.start': call(calibrationRequest, runId),
  'calibration.cancel': call(runId, z.object({ cancelled: z.boolean() })),
  /** The run's last calibration; null = none yet. */
  'calibration.get': call(runId, calibrationSchema.nullable()),

  /** A paragraph for a paper, with what it cites; its numbers in square brackets count from 1. */
  'export.methods': call(runId, z.object({ paragraph: z.string(), references: z.array(z.string()) })),
  /** Why a run cannot be written in some formats, by format, and into a copy of its recording. */
  'export.refusals': call(
    runId,
    z.object({
      formats: z.partialRecord(exportFormatSchema, z.string()),
      intoCopy: z.string().nullable(),
    }),
  ),
  'export.render': call(
    z.strictObject({
      id: z.string(),
      format: exportFormatSchema,
      /** nwb: added to a copy of the recording's own file, instead of a file of its own */
      intoCopy: z.boolean().default(false),
    }),
    z.object({
      files: z.array(
        z.object({
          ...{ name: z.string(), mime: z.string(), bytes },
          /** Of a file that is no text: what stands in it, line by line. */
          outline: z.string().optional(),
        }),
      ),
    }),
  ),
} as const;

export const events = {
  'run.progress': progressSchema,
  /** A round has finished and is safely in the history. */
  'run.round': z.object({ id: z.string(), report: roundReportSchema }),
  /** What should be known before a run is believed: told after its pilot run, and again in its summary. */
  'run.warning': z.object({ id: z.string(), warning: warningSchema }),
  'calibration.progress': calibrationProgressSchema,
  /** It is in the history, or failed, or was cancelled. */
  'calibration.ended': z.object({
    id: z.string(),
    error: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
  }),
  /** A run was made, changed its state, or was deleted. */
  'run.changed': z.object({ id: z.string() }),
  /** Desktop: a command of the menu that the page carries out. */
  'menu.chosen': z.object({ command: z.enum(['keys', 'about']) }),
  /** Desktop: a recording was opened from outside the window (a double click, a second start, the menu). */
  'file.opened': z.object({ paths: z.array(z.string()) }),
} as const;

export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>;
export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;

/** What each call's implementation looks like in main. */
export type Handlers = {
  [N in CallName]: (input: z.output<(typeof calls)[N]['input']>) => Promise<CallOutput<N>>;
};

/** What every transport offers the renderer. */
export interface Transport {
  invoke<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  /** Returns the function that stops listening. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  /** A dropped or chosen file as a path that main can open. */
  pathOf(file: File): Promise<string>;
}
