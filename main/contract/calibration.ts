import { z } from 'zod';

/** The calibration of a finished run: does its posterior hold the truth as often as it says, over simulations whose truth is known? */

/** uniform: as it should be; narrow, wide: the posterior's spread; low, high: it lies below or above the truth. */
export const rankShapeSchema = z.enum(['uniform', 'narrow', 'wide', 'low', 'high']);
export type RankShape = z.infer<typeof rankShapeSchema>;

const band = z.object({ low: z.array(z.number()), high: z.array(z.number()) });
const shares = z.array(z.number());

export const calibrationMethodSchema = z.enum(['network', 'refit']);

export const calibrationCostSchema = z.object({
  id: z.string(),
  /** network: the trained network is asked again for every simulation; refit: every simulation is fitted anew. */
  method: calibrationMethodSchema,
  simulations: z.number().int(),
  /** Estimated from the run's own speed. */
  seconds: z.number(),
  /** What it will do, in a sentence. */
  words: z.string(),
});
export type CalibrationCost = z.infer<typeof calibrationCostSchema>;

export const calibrationSchema = z.object({
  id: z.string(),
  method: calibrationMethodSchema,
  /** ISO 8601, when it was finished. */
  at: z.string(),
  seed: z.number(),
  /** Parameter sets drawn, and simulations that were good and compared. */
  simulations: z.number().int(),
  compared: z.number().int(),
  /** Posterior draws that every truth was ranked among. */
  draws: z.number().int(),
  /** Simulations whose estimate lies almost wholly outside the prior; counted as misses. */
  lost: z.number().int(),
  seconds: z.number(),
  /** The credibility levels of all curves, [K]. */
  levels: shares,
  /** 95 % bands of a curve where all is right: at one level, along the whole curve, and along those of all parameters. */
  bands: z.object({ pointwise: band, curve: band, allParameters: band }),
  /** Share of truths inside the highest-density region of each level, [K]. */
  coverage: z.object({ curve: shares, shape: rankShapeSchema }),
  /** The same of regions around a reference point that depends on the data (TARP). */
  reference: z.object({ curve: shares, uniform: z.boolean() }),
  /** Ranks of the truth among the draws, parameter by parameter. */
  parameters: z.array(
    z.object({
      name: z.string(),
      curve: shares,
      histogram: z.array(z.number().int()),
      shape: rankShapeSchema,
      words: z.string(),
    }),
  ),
  /** Counts in one bin of a histogram that 99 % of calibrated fits keep. */
  histogramBand: z.object({ low: z.number(), high: z.number() }),
  /** L-C2ST at the run's own observation; null where there is none. */
  local: z
    .object({ statistic: z.number(), threshold: z.number(), pValue: z.number(), shuffles: z.number().int() })
    .nullable(),
  verdict: z.enum(['calibrated', 'look-closer', 'not-calibrated']),
  /** Worst first. */
  reasons: z.array(z.string()),
});
export type Calibration = z.infer<typeof calibrationSchema>;

export const calibrationProgressSchema = z.object({
  id: z.string(),
  phase: z.enum(['queued', 'simulate', 'compare', 'refit', 'local']),
  done: z.number().int(),
  total: z.number().int(),
  etaSeconds: z.number().nullable(),
});
export type CalibrationProgress = z.infer<typeof calibrationProgressSchema>;
