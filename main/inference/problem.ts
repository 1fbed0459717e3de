import { AppError } from '../contract/errors.ts';
import { describeDevice } from '../train/train-pool.ts';
import type { FitConfig } from '../contract/config.ts';
import { linearCoordinates, workingCoordinates, type Coordinates } from '../model/coordinates.ts';
import { independentPrior, normalPrior, type Prior } from '../model/prior.ts';
import type { SimulationTask } from '../simulate/simulator-pool.ts';
import { centreWarning } from './centre-check.ts';
import type { PreparedRecord, ReplayRecord } from './fit-store.ts';
import { recordingProblem } from './recording-problem.ts';
import { settleAlgorithm } from './settle.ts';
import { simulatorProblem } from './simulator-problem.ts';

/** Everything that the rounds need, settled before the first simulation. */
export interface Problem {
  prepared: PreparedRecord;
  task: SimulationTask;
  /** Over the parameters in their own units. */
  prior: Prior;
  /** Those that inference works in, with the prior there. */
  coordinates: Coordinates;
  /** [F], NaN = missing */
  observed: Float64Array;
  /** Of a recording. */
  replay: ReplayRecord | null;
}

export function problemOf(
  prepared: PreparedRecord,
  task: SimulationTask,
  replay: ReplayRecord | null = null,
): Problem {
  const observed = Float64Array.from(prepared.features, (feature) => feature.observed ?? NaN);
  const coordinates = coordinatesOf(prepared);
  return { prepared, task, prior: priorOf(prepared), coordinates, observed, replay };
}

/**
 * From a configuration to a problem: opens the recording or the simulator, settles every `null` of the configuration
 * and computes the observed features. A configuration settled before gives the same problem again.
 */
export async function prepareProblem(config: FitConfig, signal?: AbortSignal): Promise<Problem> {
  refuseContradiction(config);
  await requireDevice(config);
  const settled = settleAlgorithm(config);
  const { source } = settled;
  if (source === null) {
    throw new AppError('usage', 'The configuration names neither a recording nor a simulator.', {
      remedy:
        'Give a recording (chronaxie fit RECORDING) or a simulator and an observation (chronaxie infer).',
    });
  }
  const { prepared, task, replay } =
    'recording' in source
      ? await recordingProblem(settled, source, signal)
      : { ...(await simulatorProblem(settled, source)), replay: null };
  const diverges = task.kind === 'neuron' ? centreWarning(task, prepared.parameters) : null;
  if (diverges !== null) prepared.warnings.push(diverges);
  return problemOf(prepared, task, replay);
}

/** The prior over the free parameters in their own units, in the order of every matrix. */
export function priorOf({
  parameters,
  jointPrior,
}: Pick<PreparedRecord, 'parameters' | 'jointPrior'>): Prior {
  if (jointPrior === null) return independentPrior(parameters);
  const names = parameters.map((parameter) => parameter.name);
  return normalPrior(names, jointPrior.normal.mean, jointPrior.normal.covariance);
}

/** The coordinates that the run's estimates are in; runs from before there were any have their own units. */
export function coordinatesOf(prepared: PreparedRecord): Coordinates {
  return prepared.coordinates === 'working'
    ? workingCoordinates(prepared.parameters, prepared.jointPrior)
    : linearCoordinates(priorOf(prepared));
}

/** @throws AppError usage where a configuration asks for two things that exclude each other */
export function refuseContradiction({ strict, device }: FitConfig): void {
  if (!strict || device === 'auto' || device === 'cpu') return;
  throw new AppError('usage', `Training on ${device} is not bit-identical on every machine.`, {
    remedy: 'Leave out --strict, or use --device cpu.',
  });
}

/** @throws AppError device-unavailable where the device that was asked for cannot train here */
async function requireDevice({ device, algorithm }: FitConfig): Promise<void> {
  if (algorithm === 'ibea' || device === 'auto' || device === 'cpu') return;
  await describeDevice(device);
}
