import { AppError } from '../contract/errors.ts';
import { control, type SharedJob } from './simulation-messages.ts';

/** Which simulations to run. Each is named by (seed, stream, firstIndex + row): its random numbers depend on nothing else. */
export interface SimulationBatch {
  /** [n, D] row-major */
  theta: Float64Array;
  n: number;
  seed: number;
  /** Names the round. */
  stream: number;
  firstIndex: number;
}

export interface Simulated {
  /** [n, F] row-major; NaN = missing, and everywhere in bad simulations */
  x: Float64Array;
  /** [n] 0 = good, otherwise 1 + index into badReasons */
  bad: Uint8Array;
  badReasons: string[];
}

export interface SimulationResult extends Simulated {
  /** Wall time. */
  seconds: number;
  /** The time that the workers were at it, on the wall clock, summed over them. */
  busySeconds: number;
  /** [n], empty for bad simulations; null unless asked for */
  spikeTimesMs: number[][] | null;
}

export interface TraceResult<Floats extends Float32Array | Float64Array = Float32Array> {
  dtMs: number;
  steps: number;
  /** [n, steps] row-major */
  voltageMv: Floats;
  /** [n] 0 or 1 */
  bad: Uint8Array;
  /** As in SimulationResult. */
  busySeconds: number;
}

function shared<T>(
  Type: { new (buffer: SharedArrayBuffer): T; BYTES_PER_ELEMENT: number },
  length: number,
): T {
  return new Type(new SharedArrayBuffer(length * Type.BYTES_PER_ELEMENT));
}

export interface BatchShape {
  dimension: number;
  features: number;
  /** Samples of a trace where traces are wanted, otherwise 0. */
  traceSteps: number;
  precision: 'f32' | 'f64';
  spikeTimes: boolean;
  workers: number;
}

export function sharedJob(job: number, batch: SimulationBatch, shape: BatchShape): SharedJob {
  const { theta, n, seed, stream, firstIndex } = batch;
  if (theta.length !== n * shape.dimension)
    throw new RangeError(`θ has ${theta.length} values; ${n} × ${shape.dimension} are needed.`);
  const created: SharedJob = {
    job,
    n,
    seed,
    stream,
    firstIndex,
    theta: shared(Float64Array, theta.length),
    x: shared(Float64Array, n * shape.features),
    bad: shared(Uint8Array, n),
    traces:
      shape.traceSteps === 0
        ? null
        : shape.precision === 'f32'
          ? shared(Float32Array, n * shape.traceSteps)
          : shared(Float64Array, n * shape.traceSteps),
    spikeTimes: shape.spikeTimes,
    control: shared(Int32Array, control.length),
    current: shared(Int32Array, shape.workers),
  };
  created.theta.set(theta);
  created.x.fill(NaN);
  return created;
}

export function cancelledError(): AppError {
  return new AppError('cancelled', 'The simulations were cancelled.', {
    remedy: 'Start or resume them again.',
  });
}
