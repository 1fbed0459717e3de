import { z } from 'zod';
import { priorSchema } from './prior.ts';
import { givenStepSchema, traceMappingSchema } from './recording.ts';

/**
 * The complete configuration of a fit. `--print-config` writes it with every default, `--print-schema` its JSON Schema;
 * the copy beside a result gives the same run again. Unknown keys are errors.
 */
const recordingSource = z.strictObject({
  recording: z.string().meta({ description: 'Path of the recording (NWB, ABF, HDF5, CSV or TSV).' }),
  sha256: z.string().nullable().default(null).meta({ description: 'Content hash; checked when given.' }),
  sweep: z.number().int().nullable().default(null).meta({
    description: 'Sweep number; null = the usable sweep whose spike count is the median of those that spike.',
  }),
  alsoSweeps: z.array(z.number().int()).optional().meta({
    description:
      'More sweeps of the same recording, fitted together with that one: every parameter set is simulated with each, and features are named by their sweep (sweep5.spikeCount).',
  }),
});
const simulatorSource = z.strictObject({
  simulator: z.string().meta({ description: 'Path of a simulator module (.mjs).' }),
  observation: z.string().meta({ description: 'Path of the observed features (CSV, one row).' }),
});

export const algorithmSchema = z.enum(['snpe', 'tsnpe', 'npe', 'ibea']);
export const featureSetSchema = z.enum(['moments', 'spikes', 'subthreshold', 'trace', 'all']);
export const deviceSchema = z.enum(['auto', 'cpu', 'cuda', 'webgpu']);
export const kernelSchema = z.enum(['none', 'gaussian', 'epanechnikov', 'tricube', 'uniform']);

const positive = z.number().positive();
const count = z.number().int().min(1);

const embeddingSchema = z.strictObject({
  kind: z.enum(['gru', 'conv-gru']).default('gru').meta({
    description:
      'gru: a gated recurrent unit over the voltage and the injected current; conv-gru: filters first, for long traces.',
  }),
  units: count.max(512).default(25).meta({ description: 'Of the recurrent layer; its last state is read.' }),
  filters: count.max(512).default(16).meta({ description: 'conv-gru: filters of the convolution.' }),
  kernel: count.max(4096).default(6).meta({ description: 'conv-gru: samples that a filter sees.' }),
  stride: count.max(4096).default(3).meta({
    description: 'conv-gru: samples from one window to the next; the recurrent layer takes a step for each.',
  }),
});

export const fitConfigSchema = z.strictObject({
  source: z.union([recordingSource, simulatorSource]).nullable().default(null),
  model: z.string().default('hh8').meta({ description: 'A built-in model or the path of a model file.' }),
  parameters: z
    .record(
      z.string(),
      z.union([z.strictObject({ prior: priorSchema }), z.strictObject({ fixed: z.number() })]),
    )
    .default({})
    .meta({ description: "Replaces a parameter's default prior, or fixes it to a value." }),
  cell: z
    .strictObject({
      capacitancePf: positive.nullable().default(null).meta({
        description: 'Membrane capacitance; null = measured as τ_m/R_in of a hyperpolarising step.',
      }),
      liquidJunctionMv: z.number().default(0).meta({
        description: 'Added to the recorded voltage (the eLife 2020 fits of Allen cells use −14).',
      }),
      voltageFactor: positive.nullable().default(null).meta({
        description:
          'Multiplies the recorded voltage where the file states a wrong unit: 1000 where volts were stored as mV; null = as the file says.',
      }),
      currentFactor: positive.nullable().default(null).meta({
        description: 'Multiplies the recorded current likewise.',
      }),
      givenStep: givenStepSchema.nullable().default(null).meta({
        description:
          'A step of current for sweeps whose stimulus the file does not hold: {startMs, endMs, amplitudePa, incrementPa}; the amplitude grows by incrementPa from one such sweep to the next.',
      }),
      mapping: traceMappingSchema.nullable().default(null).meta({
        description:
          'Of a CSV, TSV or plain HDF5 file: the columns or datasets that hold time, voltage and current, with their units; null = told by their names.',
      }),
      stimulus: z.enum(['auto', 'as-recorded', 'idealised']).default('auto').meta({
        description:
          'auto = idealised to steps when the file holds the recorded current and steps were found.',
      }),
    })
    .prefault({}),
  simulation: z
    .strictObject({
      dtMs: positive.max(0.1).nullable().default(null).meta({
        description:
          'Time step; null = the largest divisor of the sampling interval that is at most 0.025 ms.',
      }),
      precision: z.enum(['f32', 'f64']).default('f32'),
      maxVoltageMv: positive.default(200).meta({ description: 'A simulation beyond ± this voltage is bad.' }),
      maxSpikes: count.nullable().default(null).meta({
        description: 'A simulation with more spikes than this during the step is bad; null = no such rule.',
      }),
      timeLimitS: positive.default(60).meta({
        description:
          'Your own simulator: a call that takes longer is stopped and bad. Neuron models take a fixed number of steps and need no limit.',
      }),
    })
    .prefault({}),
  features: z
    .strictObject({
      set: featureSetSchema.default('moments'),
      exclude: z
        .array(z.string())
        .default([])
        .meta({ description: 'Names of features left out of the fit.' }),
      traceStepMs: positive.nullable().default(null).meta({
        description:
          'Of the set trace: the voltage is averaged over bins of this length; null = 1 ms, or longer where there would be more than 500 bins.',
      }),
    })
    .prefault({}),
  algorithm: algorithmSchema.default('tsnpe'),
  rounds: count.max(100).default(5).meta({ description: 'npe always uses one.' }),
  roundsAddedAfter: z.array(count).default([]).meta({
    description:
      'Rounds that were the last before more were added to the finished run; each was trained to the end, as a last round is.',
  }),
  simulations: count.max(10_000_000).default(5000).meta({ description: 'Simulations per round.' }),
  pilotSimulations: count.default(500).meta({
    description: 'Prior simulations that set the scales of the features; they are the first of round 1.',
  }),
  proposal: z
    .strictObject({
      studentT: z
        .number()
        .min(0)
        .default(3)
        .meta({ description: 'snpe: degrees of freedom of the tails of later rounds’ proposals; 0 = none.' }),
      priorFraction: z.number().min(0).max(1).default(0.2).meta({
        description:
          'snpe: fraction of the proposal that is the prior (defensive mixture: no weight exceeds 1/fraction).',
      }),
      reuseRounds: z.boolean().default(true).meta({
        description:
          'Train on all rounds so far, weighted against the mixture of their proposals (multiple importance sampling), instead of on the last round alone. With false the weights’ posterior of the last round is the prior of the next, as in 2017.',
      }),
      leastEss: z.number().min(0).default(100).meta({
        description:
          'snpe: where a round keeps fewer effective simulations than this, the next rounds draw from the truncated prior, as tsnpe does; 0 = never.',
      }),
    })
    .prefault({}),
  truncation: z
    .strictObject({
      epsilon: z.number().gt(0).max(0.1).default(0.0001).meta({
        description: 'tsnpe: mass of the estimate left outside the region that the prior is cut to.',
      }),
    })
    .prefault({}),
  badSimulations: z
    .strictObject({
      classifier: z.boolean().default(true).meta({
        description:
          'Learn from all rounds where simulations go bad, and draw fewer parameters from there; the weights account for it.',
      }),
      missingFeatures: z.enum(['impute', 'bad']).default('impute').meta({
        description:
          'What becomes of a simulation that lacks a feature which the observation has: impute = the network learns a value for it and is told that it is missing; bad = it is set aside.',
      }),
    })
    .prefault({}),
  standardisation: z.enum(['robust', 'z-score']).default('robust').meta({
    description:
      'How features are scaled for the network: robust bends heavy tails (asinh) where the pilot run shows them, z-score never.',
  }),
  calibration: z
    .strictObject({
      kernel: kernelSchema.default('none').meta({
        description:
          'Weights simulations by their nearness to the observation, as in 2017. With more than three features it leaves too few effective simulations.',
      }),
      bandwidth: positive
        .nullable()
        .default(null)
        .meta({ description: 'In z-scored features; null = from targetEss.' }),
      targetEss: z.number().gt(0).max(1).default(0.1).meta({
        description:
          'Where no bandwidth is given: the fraction of the effective sample size that the kernel must keep; never fewer than 200 effective simulations.',
      }),
    })
    .prefault({}),
  network: z
    .strictObject({
      hidden: z.array(count.max(4096)).min(1).max(8).default([50, 50]),
      family: z.enum(['best', 'mixture', 'autoregressive', 'bounded']).nullable().default(null).meta({
        description:
          'null = mixture for snpe, as in 2017, and best otherwise. mixture: Gaussians with full covariance; autoregressive: every parameter a one-dimensional mixture given those before it; bounded: the same, cut to the prior’s bounds; best: each round trains all that apply and takes the one with the best held-out score.',
      }),
      embedding: embeddingSchema.nullable().default(null).meta({
        description:
          'Reads a raw trace before the hidden layers, trained with them; null = for the feature set trace gru, beyond 250 samples conv-gru; none otherwise. With infer, the simulator’s features are read as a sequence.',
      }),
      components: count
        .max(64)
        .nullable()
        .default(null)
        .meta({ description: 'Of a mixture; null = chosen by family: 2, or 10 for one-dimensional ones.' }),
      ensemble: count.max(16).nullable().default(null).meta({
        description:
          'Networks of the best family, trained from different first weights on separate cores and stacked by their held-out score; in tsnpe in the last round. null = 2, and 1 for snpe and for networks that read a trace.',
      }),
      variational: z.boolean().nullable().default(null).meta({
        description:
          'A Gaussian over every weight instead of one value; null = as in 2017 for snpe with a mixture, not otherwise.',
      }),
      priorPrecision: positive.default(0.01).meta({ description: 'λ: first-round weight prior N(0, 1/λ).' }),
    })
    .prefault({}),
  training: z
    .strictObject({
      batchSize: count.nullable().default(null).meta({
        description:
          'Simulations in a step of training; null = a fortieth of them, 20 to 100, and a two-hundredth beyond 20,000.',
      }),
      learningRate: positive
        .nullable()
        .default(null)
        .meta({ description: 'Of Adam; null = 0.01, and 0.02 for a network that reads a trace.' }),
      gradientClip: positive.default(5).meta({ description: 'Largest norm of the gradient.' }),
      maxEpochs: count.default(100),
      patience: count.default(6).meta({
        description:
          'Epochs without a better held-out loss before the learning rate is divided by 3, and again after twice as many; training stops after 10/3 of it.',
      }),
      featureNoise: z.number().min(0).max(1).nullable().default(null).meta({
        description:
          'Noise added to every simulated feature, in standard deviations: for recordings that lie beside all that the model makes. null = 0, and with tsnpe 0.1 where simulations at the last estimate do not resemble the recording, and then do.',
      }),
      validationFraction: z.number().min(0.01).max(0.5).default(0.1),
    })
    .prefault({}),
  ibea: z
    .strictObject({
      population: count.min(4).max(2000).default(100).meta({
        description:
          'Parameter sets of a generation, and those that survive it; every pair of them is compared.',
      }),
      hallOfFame: count.max(1000).default(20).meta({ description: 'Best parameter sets kept and written.' }),
      crossoverEta: positive.default(10).meta({
        description: 'Simulated binary crossover: the larger, the nearer children are to their parents.',
      }),
      mutationEta: positive.default(10).meta({ description: 'Polynomial mutation, likewise.' }),
      crossoverProbability: z
        .number()
        .min(0)
        .max(1)
        .default(0.7)
        .meta({ description: 'Of a pair of parents.' }),
      mutationProbability: z.number().min(0).max(1).default(0.3).meta({
        description: 'Of a child; each of its parameters then changes with probability ½.',
      }),
    })
    .prefault({}),
  samples: count.max(10_000_000).default(10_000).meta({ description: 'Posterior samples written.' }),
  predictiveSimulations: count
    .default(200)
    .meta({ description: 'Simulations at posterior draws for the check.' }),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(1),
  workers: count.max(256).nullable().default(null).meta({ description: 'null = one per processor core.' }),
  device: deviceSchema.default('auto'),
  strict: z
    .boolean()
    .default(false)
    .meta({ description: 'Bit-identical on every processor, about a third slower.' }),
});
export type FitConfig = z.infer<typeof fitConfigSchema>;
export type FitConfigInput = z.input<typeof fitConfigSchema>;
export type Algorithm = z.infer<typeof algorithmSchema>;
export type FeatureSetName = z.infer<typeof featureSetSchema>;
