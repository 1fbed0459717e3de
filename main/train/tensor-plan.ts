import type { RandomStream } from '../numeric/random.ts';
import { reserveMemory, type Kernels } from '../../native/kernels.ts';
import { createKernels } from './kernels.ts';
import { Arena, padded } from './memory.ts';
import { blockSize, headTargets, parameterBlocks, type NetworkDescription } from './network.ts';
import { headOnTensors, lossOnTensors, type TensorHead } from './tensor-heads.ts';
import {
  forwardOnTensors,
  splitBlocks,
  type Tensor,
  type TensorBatch,
  type TensorFlow,
} from './tensor-layers.ts';
import type { Trainee } from './trainee.ts';

/** As TrainingPlan's x, target and weights. */
export interface TensorData {
  x: Float32Array;
  target: Float32Array;
  weights: Float32Array;
}

/** On the device, one number a stored parameter: [P]. */
interface State {
  trainable: Tensor;
  averaged: Tensor;
  best: Tensor;
  first: Tensor;
  second: Tensor;
}

/**
 * A network that TensorFlow.js trains, on whatever device its backend has: the mathematics of TrainingPlan, rounded otherwise.
 * Minibatches are put together here and sent; parameters, gradient and Adam's moments stay on the device. The noise of
 * variational layers comes from the kernels, so that it is the same as theirs.
 */
export class TensorPlan implements Trainee {
  readonly layout: { variational: number };
  /** Σ (log σ₀ − ½) over the variational weights, as TrainingPlan.setWeightPrior. */
  readonly klConstant: number;
  readonly order: Uint32Array;
  readonly weights: Float32Array;
  readonly #tf: TensorFlow;
  readonly #network: NetworkDescription;
  readonly #data: TensorData;
  readonly #missing: boolean;
  readonly #head: TensorHead;
  readonly #noise: NoiseSource;
  /** Variational weights' prior: means and precisions, [V]. */
  readonly #prior: { mean: Tensor; precision: Tensor };
  readonly #state: State;
  #gradient: Tensor;
  #norm2 = NaN;

  /**
   * @param stored first parameters and
   * @param prior the weights' prior, both as stored (network.ts)
   */
  constructor(
    tf: TensorFlow,
    network: NetworkDescription,
    data: TensorData,
    stored: Float32Array,
    prior: Float32Array,
  ) {
    const blocks = parameterBlocks(network);
    const values = blocks.reduce((sum, block) => sum + blockSize(block), 0);
    const variational = stored.length - values;
    this.layout = { variational };
    this.klConstant = prior.slice(values).reduce((sum, logSd) => sum + logSd, -0.5 * variational);
    this.weights = data.weights;
    this.order = Uint32Array.from({ length: data.weights.length }, (_, i) => i);
    this.#tf = tf;
    this.#network = network;
    this.#data = data;
    this.#missing = data.x.some(Number.isNaN);
    this.#head = headOnTensors(tf, network.head);
    this.#noise = new NoiseSource();
    const means = blocks.flatMap((block, b) => {
      const start = blocks.slice(0, b).reduce((sum, before) => sum + blockSize(before), 0);
      return block.variational ? [...prior.subarray(start, start + blockSize(block))] : [];
    });
    this.#prior = {
      mean: tf.tensor1d(means),
      precision: tf.tensor1d(prior.slice(values).map((logSd) => Math.exp(-2 * logSd))),
    };
    const [trainable, averaged, best] = [0, 1, 2].map(() => tf.tensor1d(stored)) as [Tensor, Tensor, Tensor];
    const [first, second] = [tf.zerosLike(trainable), tf.zerosLike(trainable)];
    this.#state = { trainable, averaged, best, first, second };
    this.#gradient = tf.zerosLike(trainable);
  }

  seedNoise(random: RandomStream): void {
    this.#noise.seed(random);
  }

  async differentiate(start: number, rows: number, klScale: number, klConstant: number): Promise<number> {
    const tf = this.#tf;
    const { variational } = this.layout;
    const [measured, gradient] = tf.tidy(() => {
      const { batch, target, weights } = this.#batch(start, rows, 1 / rows);
      const blocks = splitBlocks(tf, this.#network, this.#state.trainable);
      const loss = (...parameters: Tensor[]) => {
        const draw = (outputs: number) => this.#noise.draw(tf, outputs, rows);
        const y = forwardOnTensors(tf, this.#network, parameters, batch, draw);
        const ofData = lossOnTensors(tf, this.#head, { y, target, weights });
        return (
          variational > 0 ? tf.add(ofData, tf.mul(this.#divergence(parameters), klScale)) : ofData
        ) as ReturnType<TensorFlow['scalar']>;
      };
      const { value, grads } = tf.valueAndGrads(loss)(blocks);
      const whole = tf.concat(grads.map((grad) => tf.reshape(grad, [-1])));
      return [tf.stack([value, tf.sum(tf.square(whole))]), whole] as [Tensor, Tensor];
    });
    this.#gradient.dispose();
    this.#gradient = gradient;
    const [loss, norm2] = await measured.data();
    measured.dispose();
    this.#norm2 = norm2!;
    return loss! + (variational > 0 ? klScale * klConstant : 0);
  }

  gradientNorm2(): number {
    return this.#norm2;
  }

  /** The last gradient as stored. */
  async gradient(): Promise<Float32Array> {
    return (await this.#gradient.data()) as Float32Array;
  }

  adam(step: number, learningRate: number, gradientScale: number, decay: number): void {
    const tf = this.#tf;
    const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
    const correction = Math.sqrt(1 - beta2 ** step);
    const rate = (learningRate * correction) / (1 - beta1 ** step);
    const { trainable, first, second } = this.#state;
    const [w, m, v] = tf.tidy(() => {
      const g = gradientScale === 1 ? this.#gradient : tf.mul(this.#gradient, gradientScale);
      const m = tf.add(tf.mul(first, beta1), tf.mul(g, 1 - beta1));
      const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(g), 1 - beta2));
      const move = tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), epsilon * correction));
      const kept = decay === 0 ? trainable : tf.mul(trainable, 1 - learningRate * decay);
      return [tf.sub(kept, move), m, v] as [Tensor, Tensor, Tensor];
    });
    this.#replace({ trainable: w, first: m, second: v });
  }

  average(share: number): void {
    const tf = this.#tf;
    const { trainable, averaged } = this.#state;
    this.#replace({
      averaged: tf.tidy(() => tf.add(averaged, tf.mul(tf.sub(trainable, averaged), share))),
    });
  }

  async evaluateAveraged(start: number, rows: number): Promise<number> {
    const tf = this.#tf;
    const loss = tf.tidy(() => {
      const { batch, target, weights } = this.#batch(start, rows, 1);
      const blocks = splitBlocks(tf, this.#network, this.#state.averaged);
      const y = forwardOnTensors(tf, this.#network, blocks, batch, null);
      return this.#head.score({ y, target, weights }).loss;
    });
    const [value] = await loss.data();
    loss.dispose();
    return value!;
  }

  keepAveraged(): void {
    this.#replace({ best: this.#tf.clone(this.#state.averaged) });
  }

  returnToBest(): void {
    const tf = this.#tf;
    const { best } = this.#state;
    this.#replace({
      trainable: tf.clone(best),
      averaged: tf.clone(best),
      first: tf.zerosLike(best),
      second: tf.zerosLike(best),
    });
  }

  async best(): Promise<Float32Array> {
    return (await this.#state.best.data()) as Float32Array;
  }

  /** Gives the device's memory back. */
  dispose(): void {
    const { constants } = this.#head;
    this.#tf.dispose([
      ...Object.values(this.#state),
      ...Object.values(this.#prior),
      ...constants,
      this.#gradient,
    ]);
  }

  #replace(fresh: Partial<State>): void {
    for (const [name, tensor] of Object.entries(fresh) as [keyof State, Tensor][]) {
      this.#state[name].dispose();
      this.#state[name] = tensor;
    }
  }

  /** Σ ½[V P + (m − m₀)² P] − s over the variational weights, V = e^{2s}; the caller adds the constant part. */
  #divergence(parameters: readonly Tensor[]): Tensor {
    const tf = this.#tf;
    const blocks = parameterBlocks(this.#network);
    const flat = (tensors: readonly Tensor[]) => tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1])));
    const m = flat(parameters.filter((_, i) => blocks[i]?.variational === true));
    const s = flat(parameters.slice(blocks.length));
    const { mean, precision } = this.#prior;
    const variance = tf.exp(tf.mul(s, 2));
    const square = tf.mul(precision, tf.add(variance, tf.square(tf.sub(m, mean))));
    return tf.sum(tf.sub(tf.mul(square, 0.5), s));
  }

  /** The rows order[start … start + rows) as columns, on the device. */
  #batch(
    start: number,
    rows: number,
    scale: number,
  ): { batch: TensorBatch; target: Tensor; weights: Tensor } {
    const tf = this.#tf;
    const own = this.order.subarray(start, start + rows);
    const features = this.#network.inputs;
    const targets = headTargets(this.#network.head);
    const x = columnsOf(this.#data.x, features, own);
    const missing = this.#missing ? x.map((value) => (Number.isNaN(value) ? 1 : 0)) : null;
    if (missing !== null) missing.forEach((flag, i) => flag === 1 && (x[i] = 0));
    return {
      batch: {
        rows,
        x: tf.tensor2d(x, [features, rows]),
        missing: missing === null ? null : tf.tensor2d(missing, [features, rows]),
      },
      target: tf.tensor2d(columnsOf(this.#data.target, targets, own), [targets, rows]),
      weights: tf.tensor2d(
        columnsOf(this.#data.weights, 1, own).map((weight) => weight * scale),
        [1, rows],
      ),
    };
  }
}

/** Rows of a row-major matrix as the columns of another: [width, rows]. */
function columnsOf(source: Float32Array, width: number, rows: Uint32Array): Float32Array {
  const columns = new Float32Array(width * rows.length);
  rows.forEach((row, n) => {
    for (let f = 0; f < width; f++) columns[f * rows.length + n] = source[row * width + f]!;
  });
  return columns;
}

/** The kernels' generator of normal numbers. */
class NoiseSource {
  readonly #kernels: Kernels = createKernels(true);
  readonly #state: number;
  readonly #out: number;

  constructor() {
    const arena = new Arena(this.#kernels.heapBase);
    this.#state = arena.floats(16);
    this.#out = arena.floats(0);
  }

  /** As TrainingPlan.seedNoise. */
  seed(random: RandomStream): void {
    reserveMemory(this.#kernels, this.#out);
    const words = new Uint32Array(this.#kernels.memory.buffer, this.#state, 16);
    for (let i = 0; i < 16; i++) words[i] = random.uint32();
    for (let lane = 0; lane < 4; lane++) words[lane]! |= 1;
  }

  /** [outputs, rows] */
  draw(tf: TensorFlow, outputs: number, rows: number): Tensor {
    const width = padded(rows);
    reserveMemory(this.#kernels, this.#out + 4 * outputs * width);
    this.#kernels.fillNormal(outputs * width, this.#state, this.#out);
    const drawn = new Float32Array(this.#kernels.memory.buffer, this.#out, outputs * width).slice();
    return tf.slice(tf.tensor2d(drawn, [outputs, width]), [0, 0], [outputs, rows]);
  }
}
