import { AppError } from '../contract/errors.ts';
import type { FitConfig } from '../contract/config.ts';
import { independentPrior, normalPrior, type Prior } from '../model/prior.ts';
import type { SimulationTask } from '../simulate/simulator-pool.ts';
import type { PreparedRecord } from './fit-store.ts';
import { recordingProblem } from './recording-problem.ts';
import { simulatorProblem } from './simulator-problem.ts';

/** Everything that the rounds need, settled before the first simulation. */
export interface Problem {
  prepared: PreparedRecord;
  task: SimulationTask;
  prior: Prior;
  /** [F], NaN = missing */
  observed: Float64Array;
}

/**
 * From a configuration to a problem: opens the recording or the simulator, settles every `null` of the configuration
 * and computes the observed features. A configuration settled before gives the same problem again.
 */
export async function prepareProblem(config: FitConfig, signal?: AbortSignal): Promise<Problem> {
  refuseNotYet(config);
  const settled = config.algorithm === 'npe' ? amortised(config) : config;
  const { source } = settled;
  if (source === null) {
    throw new AppError('usage', 'The configuration names neither a recording nor a simulator.', {
      remedy:
        'Give a recording (chronaxie fit RECORDING) or a simulator and an observation (chronaxie infer).',
    });
  }
  const { prepared, task } =
    'recording' in source
      ? await recordingProblem(settled, source, signal)
      : await simulatorProblem(settled, source);
  const observed = Float64Array.from(prepared.features, (feature) => feature.observed ?? NaN);
  return { prepared, task, prior: priorOf(prepared), observed };
}

/** NPE: one round from the prior, and no kernel that would bind the network to one observation. */
function amortised(config: FitConfig): FitConfig {
  return { ...config, rounds: 1, calibration: { ...config.calibration, kernel: 'none' } };
}

/** The prior over the free parameters, in the order of every matrix. */
export function priorOf(prepared: Pick<PreparedRecord, 'parameters' | 'jointPrior'>): Prior {
  const { parameters, jointPrior } = prepared;
  if (jointPrior === null) return independentPrior(parameters);
  const names = parameters.map((parameter) => parameter.name);
  return normalPrior(names, jointPrior.normal.mean, jointPrior.normal.covariance);
}

export function refuseNotYet(config: FitConfig): void {
  const refuse = (what: string, remedy: string): never => {
    throw new AppError('not-yet', `${what} is not in this version yet.`, { remedy });
  };
  if (config.algorithm === 'ibea') {
    refuse(`The algorithm ${config.algorithm}`, 'Use snpe, tsnpe (several rounds) or npe (one round).');
  }
  if (config.features.set === 'trace') {
    refuse(
      'Learning features from the trace itself',
      'Use the feature sets moments, spikes, subthreshold or all.',
    );
  }
  if (config.device === 'cuda' || config.device === 'webgpu') {
    refuse(
      `Training on ${config.device}`,
      'Use --device cpu or auto; “chronaxie devices” lists what can train here.',
    );
  }
}
