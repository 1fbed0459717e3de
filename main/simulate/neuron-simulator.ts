import type { ModelFile } from '../contract/model.ts';
import { AppError } from '../contract/errors.ts';
import { parseModel } from '../model/parsed-model.ts';
import { gatherKernel } from './gather-kernel.ts';
import { compileKernel } from './kernel-compiler.ts';
import { modelEquations } from './model-equations.ts';
import { noiseKernel } from './noise-kernel.ts';
import { seedNoise } from './noise.ts';
import type { Protocol } from './protocol.ts';
import { hasRelaxedSimd } from './relaxed-simd.ts';
import type { Precision } from './vector-code.ts';
import { encodeModule } from './wasm-encoder.ts';

/** What the compiler needs to know: everything that all simulations of a task share. */
export interface NeuronTask {
  model: ModelFile;
  /** The parameters in θ, in its order. */
  free: readonly string[];
  /** The values of the others. */
  fixed: Readonly<Record<string, number>>;
  protocol: Protocol;
  precision: Precision;
  /** Bit-identical on every processor: no fused multiply-add. */
  strict: boolean;
  /** Which of the sweeps of a fit of several this is, from 0 on: each has noise of its own. */
  place?: number;
}

/** Which simulations: rows of θ, and the names of their noise streams. */
export interface SimulationGroup {
  /** [n, D] row-major */
  theta: Float64Array;
  /** The first row of the group and how many follow; at most `lanes`. */
  first: number;
  count: number;
  seed: number;
  stream: number;
  /** The simulation index of row 0 of theta. */
  firstIndex: number;
}

interface KernelExports {
  start(parameters: number, state: number): void;
  run(n: number, parameters: number, state: number, current: number, noise: number, out: number): void;
  noise(pairs: number, state: number, out: number): void;
  gather(tiles: number, rows: number, columns: number, stride: number, peaks: number): void;
}

/** Time steps between which noise and voltages of all lanes stay in the processor's first cache (16 KB each). */
const blockSteps = 256;
/** Four vectors hide the latency of the arithmetic; fewer where the traces of so many lanes would need too much memory. */
const mostVectors = 4;
const traceBytesLimit = 256 * 2 ** 20;
const pageBytes = 65536;

/**
 * One compiled model with its memory: simulates up to `lanes` parameter sets at once. The lanes are independent, so a
 * simulation's numbers do not depend on which others share its group, nor on how many lanes there are.
 */
export class NeuronSimulator {
  readonly lanes: number;
  readonly steps: number;
  readonly #task: NeuronTask;
  readonly #kernel: KernelExports;
  readonly #noises: number;
  readonly #stateBytes: number;
  readonly #stride: number;
  readonly #at: Record<
    'parameters' | 'state' | 'random' | 'peaks' | 'current' | 'noise' | 'out' | 'traces',
    number
  >;
  readonly #parameters: Float32Array | Float64Array;
  readonly #random: Uint32Array;
  readonly #peaks: Float32Array | Float64Array;
  readonly #traces: (Float32Array | Float64Array)[];
  readonly #outTail: Uint8Array;

  /** @param vectors worked on together, even for f64; the default suits the protocol's length */
  constructor(task: NeuronTask, vectors = vectorsFor(task)) {
    const { protocol, precision } = task;
    const relaxed = !task.strict && hasRelaxedSimd();
    const model = parseModel(task.model);
    checkParameters(model.parameters, task);
    const bytes = precision === 'f32' ? 4 : 8;
    const tile = 16 / bytes;
    const equations = modelEquations(
      model,
      task.free,
      task.fixed,
      protocol.dtMs,
      precision === 'f32' ? 'rational' : 'exponential',
    );
    this.#task = task;
    this.#noises = equations.noises;
    this.lanes = vectors * tile;
    this.steps = protocol.steps;

    const paddedSteps = Math.ceil(protocol.steps / tile) * tile;
    this.#stride = paddedSteps * bytes;
    this.#stateBytes = equations.rows * this.lanes * bytes;
    let size = 0;
    const reserve = (length: number): number => {
      const at = size;
      size += Math.ceil(length / 64) * 64;
      return at;
    };
    this.#at = {
      parameters: reserve(task.free.length * this.lanes * bytes),
      state: reserve(this.#stateBytes),
      random: reserve(this.lanes * 16),
      peaks: reserve(this.lanes * bytes),
      current: reserve(protocol.steps * bytes),
      noise: reserve(blockSteps * Math.max(1, equations.noises) * this.lanes * 4),
      out: reserve(blockSteps * this.lanes * bytes),
      traces: reserve(this.lanes * this.#stride),
    };
    const memory = new WebAssembly.Memory({ initial: Math.ceil(size / pageBytes) });
    const functions = {
      ...compileKernel(equations, { precision, relaxed, vectors, initialMv: protocol.initialMv }),
      noise: noiseKernel(this.lanes),
      gather: gatherKernel(precision, vectors),
    };
    const instance = new WebAssembly.Instance(new WebAssembly.Module(encodeModule(functions)), {
      host: { memory },
    });
    this.#kernel = instance.exports as unknown as KernelExports;

    const FloatArray = precision === 'f32' ? Float32Array : Float64Array;
    new FloatArray(memory.buffer, this.#at.current, protocol.steps).set(protocol.currentDensity);
    this.#parameters = new FloatArray(memory.buffer, this.#at.parameters, task.free.length * this.lanes);
    this.#random = new Uint32Array(memory.buffer, this.#at.random, this.lanes * 4);
    this.#peaks = new FloatArray(memory.buffer, this.#at.peaks, this.lanes);
    this.#traces = Array.from(
      { length: this.lanes },
      (_, lane) => new FloatArray(memory.buffer, this.#at.traces + lane * this.#stride, protocol.steps),
    );
    const tailSteps = (paddedSteps - protocol.steps) * this.lanes * bytes;
    const lastBlock = protocol.steps % blockSteps;
    this.#outTail = new Uint8Array(memory.buffer, this.#at.out + lastBlock * this.lanes * bytes, tailSteps);
  }

  /** Simulates a group; afterwards trace(i) and peakMv(i) belong to its i-th simulation. */
  simulate(group: SimulationGroup): void {
    if (group.count < 1 || group.count > this.lanes)
      throw new RangeError(`A group has 1 to ${this.lanes} simulations, not ${group.count}.`);
    this.#load(group);
    const { parameters, state, random, peaks, current, noise, out, traces } = this.#at;
    const bytes = this.#parameters.BYTES_PER_ELEMENT;
    const tile = 16 / bytes;
    this.#peaks.fill(0);
    this.#kernel.start(parameters, state);
    for (let done = 0; done < this.steps; done += blockSteps) {
      const n = Math.min(blockSteps, this.steps - done);
      if (this.#noises > 0) this.#kernel.noise(Math.ceil((n * this.#noises) / 2), random, noise);
      this.#kernel.run(n, parameters, state, current + done * bytes, noise, out);
      // The last tile's rows beyond the end still hold an earlier block: they must not count for the peak.
      if (n < blockSteps) this.#outTail.fill(0);
      this.#kernel.gather(Math.ceil(n / tile), out, traces + done * bytes, this.#stride, peaks);
    }
  }

  /** The voltage of the group's i-th simulation, mV; valid until the next group. */
  trace(i: number): Float32Array | Float64Array {
    return this.#traces[i]!;
  }
  /** The largest |V|, mV; NaN where a voltage was not a number. */
  peakMv(i: number): number {
    return this.#peaks[i]!;
  }

  /** Lanes beyond the group repeat its last simulation: harmless work whose result nobody reads. */
  #load({ theta, first, count, seed, stream, firstIndex }: SimulationGroup): void {
    const dimension = this.#task.free.length;
    for (let lane = 0; lane < this.lanes; lane++) {
      const row = first + Math.min(lane, count - 1);
      for (let d = 0; d < dimension; d++)
        this.#parameters[d * this.lanes + lane] = theta[row * dimension + d]!;
      const vector = Math.floor(lane / 4);
      if (this.#noises > 0)
        seedNoise(
          this.#random,
          vector * 16 + (lane % 4),
          4,
          seed,
          stream,
          firstIndex + row,
          this.#task.place,
        );
    }
  }
}

/** At least four lanes: the noise kernel works on four at a time. */
export function vectorsFor({ protocol, precision }: Pick<NeuronTask, 'protocol' | 'precision'>): number {
  const bytesPerVector = protocol.steps * 16;
  const least = precision === 'f32' ? 1 : 2;
  const affordable = Math.floor(traceBytesLimit / bytesPerVector / least) * least;
  return Math.max(least, Math.min(mostVectors, affordable));
}

function checkParameters(parameters: readonly string[], { model, free, fixed }: NeuronTask): void {
  const given = [...free, ...Object.keys(fixed)];
  const missing = parameters.find((name) => !given.includes(name));
  const unknown = given.find((name) => !parameters.includes(name));
  const twice = given.find((name, i) => given.indexOf(name) !== i);
  const wrong =
    missing !== undefined
      ? `no value is given for «${missing}»`
      : unknown !== undefined
        ? `it has no parameter «${unknown}»`
        : twice !== undefined
          ? `«${twice}» is given twice`
          : null;
  if (wrong !== null)
    throw new AppError('input-invalid', `The model «${model.name}» cannot be simulated: ${wrong}.`, {
      remedy: `Its parameters are ${parameters.join(', ')}; each is either free or fixed.`,
    });
}
