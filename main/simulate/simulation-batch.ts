import { AppError } from '../contract/errors.ts';
import { badCode, control, type SharedJob } from './simulation-messages.ts';

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

export interface SimulationResult {
  /** [n, F] row-major; NaN = missing, and everywhere in bad simulations */
  x: Float64Array;
  /** [n] 0 = good, otherwise 1 + index into badReasons */
  bad: Uint8Array;
  badReasons: string[];
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

/** Different reasons beyond this are counted under one name: bad[i] is a byte. */
const mostReasons = 200;
const otherReason = 'other reasons';

/**
 * Codes and told reasons as indices into a list of reasons. The list is in the order of the rows, so that it does not
 * depend on which worker was first.
 */
export function readBadReasons(
  job: SharedJob,
  told: ReadonlyMap<number, string>,
  maxVoltageMv: number,
): Pick<SimulationResult, 'bad' | 'badReasons'> {
  const badReasons: string[] = [];
  const bad = new Uint8Array(job.n);
  for (let row = 0; row < job.n; row++) {
    const code = job.bad[row]!;
    if (code === badCode.good) continue;
    const exact =
      code === badCode.diverged
        ? 'diverged: non-finite voltage'
        : code === badCode.outOfRange
          ? `|V| above ${maxVoltageMv} mV`
          : (told.get(row) ?? 'the simulator failed');
    const reason = badReasons.includes(exact) || badReasons.length < mostReasons ? exact : otherReason;
    let index = badReasons.indexOf(reason);
    if (index < 0) index = badReasons.push(reason) - 1;
    bad[row] = 1 + index;
  }
  return { bad, badReasons };
}

export function cancelledError(): AppError {
  return new AppError('cancelled', 'The simulations were cancelled.', {
    remedy: 'Start or resume them again.',
  });
}
