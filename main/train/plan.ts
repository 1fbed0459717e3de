import { reserveMemory, type Kernels } from '../../native/kernels.ts';
import type { RandomStream } from '../numeric/random.ts';
import { Arena, layOutParameters, pack, padded, unpack, type ParameterLayout } from './memory.ts';
import { headOutputs, headTargets, type HeadDescription, type NetworkDescription } from './network.ts';
import type { Trainee } from './trainee.ts';
import { planLayer, type Batch, type PlannedLayer, type Tensor } from './planned-layers.ts';

export interface PlanOptions {
  /** Largest minibatch, rows */
  batchSize: number;
  /** Rows of the data set */
  rows: number;
  /** Whether x holds NaN: otherwise the imputed values' gradient is 0 and is not computed. */
  learnsImputation: boolean;
}

/**
 * A network description as a static list of kernel calls with fixed memory offsets, planned once: minibatch in, loss and
 * gradient out. New layers join in planned-layers.ts, new heads in planHead; the trainers above do not change.
 * Data: x [rows, inputs] and target [rows, targets] row-major, weights [rows], order [rows] of row indices that
 * minibatches are cut from; all views into the kernels' memory.
 */
export class TrainingPlan implements Trainee {
  readonly network: NetworkDescription;
  readonly layout: ParameterLayout;
  readonly x: Float32Array;
  readonly target: Float32Array;
  readonly weights: Float32Array;
  readonly order: Uint32Array;
  /** [layout.length] the parameters themselves, and the gradient of the last minibatch */
  readonly trainable: Float32Array;
  readonly gradient: Float32Array;
  /** First and second moments of Adam, one after the other. */
  readonly moments: Float32Array;
  /** [layout.length] what average() has averaged */
  readonly averaged: Float32Array;
  readonly #best: Float32Array;
  readonly #priorMean: Float32Array;
  readonly #priorPrecision: Float32Array;
  readonly #noise: Uint32Array;
  readonly #kernels: Kernels;
  readonly #at: ReturnType<typeof allocate>;
  readonly #layers: readonly PlannedLayer[];
  readonly #load: (start: number, batch: Batch) => void;
  readonly #loss: (batch: Batch, scale: number, gradient: boolean) => number;

  constructor(kernels: Kernels, network: NetworkDescription, options: PlanOptions) {
    const { batchSize, rows, learnsImputation } = options;
    const arena = new Arena(kernels.heapBase);
    const { lanes } = kernels;
    const layout = layOutParameters(network, lanes);
    const batch = padded(batchSize, lanes);
    const at = allocate(arena, network, layout, rows, batch, lanes);
    const input: Tensor = { features: network.inputs, value: at.batchX, gradient: 0 };
    const constants: { at: number; values: readonly number[] }[] = [];
    const context = {
      kernels,
      arena,
      batch,
      noise: at.noise,
      learnsImputation,
      address: ({ start, variational }: { start: number; variational: boolean }) => ({
        value: at.trainable + 4 * start,
        gradient: at.gradient + 4 * start,
        variance: variational ? at.variance + 4 * start : 0,
        varianceGradient: variational ? at.gradient + 4 * (layout.logSds + start) : 0,
      }),
      constant: (values: readonly number[]) => {
        const at = arena.floats(values.length);
        constants.push({ at, values });
        return at;
      },
    };
    const layers: PlannedLayer[] = [];
    network.layers.forEach((layer, index) => {
      const blocks = layout.blocks.filter((block) => block.layer === index);
      layers.push(planLayer(context, layer, blocks, layers.at(-1)?.output ?? input));
    });
    const output = layers.at(-1)!.output;
    const scratch = arena.floats(lanes * scratchVectors(network.head));
    reserveMemory(kernels, arena.end);

    const floats = (offset: number, length: number) =>
      new Float32Array(kernels.memory.buffer, offset, length);
    for (const { at: offset, values } of constants) floats(offset, values.length).set(values);
    const targets = headTargets(network.head);
    this.network = network;
    this.layout = layout;
    this.x = floats(at.x, rows * network.inputs);
    this.target = floats(at.target, rows * targets);
    this.weights = floats(at.weights, rows).fill(1);
    this.order = new Uint32Array(kernels.memory.buffer, at.order, rows);
    for (let i = 0; i < rows; i++) this.order[i] = i;
    this.trainable = floats(at.trainable, layout.length);
    this.gradient = floats(at.gradient, layout.length);
    this.moments = floats(at.moments, 2 * padded(layout.length, lanes));
    this.averaged = floats(at.averaged, layout.length);
    this.#best = new Float32Array(layout.length);
    this.#priorMean = floats(at.priorMean, layout.variational);
    this.#priorPrecision = floats(at.priorPrecision, layout.variational).fill(1);
    this.#noise = new Uint32Array(kernels.memory.buffer, at.noise, 16).fill(1);
    this.#kernels = kernels;
    this.#at = at;
    this.#layers = layers;
    this.#load = (start, { rows: n, padded: width }) => {
      const index = at.order + 4 * start;
      const load = (source: number, columns: number, target: number) => {
        const stride = padded(columns, lanes);
        kernels.gatherRows(source, columns, index, n, at.gathered, stride);
        kernels.transpose(at.gathered, n, columns, stride, target, width);
      };
      load(at.x, network.inputs, at.batchX);
      load(at.target, targets, at.batchTarget);
      load(at.weights, 1, at.batchWeights);
    };
    this.#loss = planHead(kernels, network.head, output, at.batchTarget, at.batchWeights, scratch);
  }

  /**
   * Loss and gradient of the rows order[start … start + rows): −mean(w log q) plus klScale·KL, the gradient of both.
   * @param klScale 1/N; ignored for networks without variational layers
   * @param klConstant Σ over the variational weights of log σ₀ − ½ (see setWeightPrior)
   */
  differentiate(start: number, rows: number, klScale: number, klConstant: number): number {
    const batch = { rows, padded: padded(rows, this.#kernels.lanes) };
    const { variational, logSds } = this.layout;
    const at = this.#at;
    if (variational > 0) {
      this.#kernels.variances(variational, at.trainable + 4 * logSds, at.variance);
      // The padding of biases is written by no kernel but summed into by gaussianKl.
      this.gradient.fill(0);
    }
    this.#load(start, batch);
    for (const { forward } of this.#layers) forward(batch);
    let loss = this.#loss(batch, 1 / rows, true);
    for (let i = this.#layers.length - 1; i >= 0; i--) this.#layers[i]!.backward?.(batch);
    if (variational > 0) {
      const kl = this.#kernels.gaussianKl(
        variational,
        klScale,
        at.trainable,
        at.trainable + 4 * logSds,
        at.variance,
        at.priorMean,
        at.priorPrecision,
        at.gradient,
        at.gradient + 4 * logSds,
      );
      loss += klScale * (kl + klConstant);
    }
    return loss;
  }

  /** −Σ w log q over the rows order[start … start + rows), with the mean weights. */
  evaluate(start: number, rows: number): number {
    const batch = { rows, padded: padded(rows, this.#kernels.lanes) };
    this.#load(start, batch);
    for (const { evaluate } of this.#layers) evaluate(batch);
    return this.#loss(batch, 1, false);
  }

  evaluateAveraged(start: number, rows: number): number {
    const current = this.trainable.slice();
    this.trainable.set(this.averaged);
    const loss = this.evaluate(start, rows);
    this.trainable.set(current);
    return loss;
  }

  /** Norm² of the gradient; not finite where an entry is not. */
  gradientNorm2(): number {
    return this.#kernels.squaredNorm(this.layout.length, this.#at.gradient);
  }

  /** One step of Adam; see optimiser.h. `step` counts from 1; decay: weights shrink by rate·decay a step. */
  adam(step: number, learningRate: number, gradientScale: number, decay = 0): void {
    const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
    const correction = Math.sqrt(1 - beta2 ** step);
    const { trainable, gradient, moments } = this.#at;
    this.#kernels.adamStep(
      this.layout.length,
      trainable,
      gradient,
      moments,
      moments + 4 * padded(this.layout.length, this.#kernels.lanes),
      (learningRate * correction) / (1 - beta1 ** step),
      gradientScale,
      beta1,
      beta2,
      epsilon * correction,
      1 - learningRate * decay,
    );
  }

  /** Takes the trainable floats into their running average with this share; 1 = starts it. */
  average(share: number): void {
    const { trainable, averaged } = this.#at;
    this.#kernels.averageStep(this.layout.length, trainable, averaged, share);
  }

  keepAveraged(): void {
    this.#best.set(this.averaged);
  }

  returnToBest(): void {
    this.trainable.set(this.#best);
    this.averaged.set(this.#best);
    this.moments.fill(0);
  }

  best(): Float32Array {
    return this.parameters(this.#best);
  }

  /** Loads stored parameters (network.ts); they are the best ones so far. */
  setParameters(stored: Float32Array): void {
    unpack(this.layout, stored, this.trainable, 0);
    this.#best.set(this.trainable);
    this.averaged.set(this.trainable);
  }

  /** The stored form of the trainable floats, of now or of a copy made earlier. */
  parameters(trainable: Float32Array = this.trainable): Float32Array {
    return pack(this.layout, trainable);
  }

  /**
   * Sets the Gaussian that the variational posterior is held to, from stored parameters (means and log-sds).
   * @returns klConstant: Σ (log σ₀ − ½), so that KL = gaussianKl + klConstant
   */
  setWeightPrior(stored: Float32Array): number {
    const { variational, logSds } = this.layout;
    const prior = new Float32Array(this.layout.length);
    unpack(this.layout, stored, prior, 0);
    this.#priorMean.set(prior.subarray(0, variational));
    let constant = -0.5 * variational;
    for (let i = 0; i < variational; i++) {
      const logSd = prior[logSds + i]!;
      this.#priorPrecision[i] = Math.exp(-2 * logSd);
      constant += logSd;
    }
    return constant;
  }

  /** Seeds the variational noise. Four lanes of xoshiro128++; their states must not be all zero. */
  seedNoise(random: RandomStream): void {
    for (let i = 0; i < 16; i++) this.#noise[i] = random.uint32();
    for (let lane = 0; lane < 4; lane++) this.#noise[lane]! |= 1;
  }
}

function allocate(
  arena: Arena,
  network: NetworkDescription,
  layout: ParameterLayout,
  rows: number,
  batch: number,
  lanes: number,
) {
  const targets = headTargets(network.head);
  return {
    noise: arena.floats(16),
    trainable: arena.floats(layout.length),
    gradient: arena.floats(layout.length),
    moments: arena.floats(2 * padded(layout.length, lanes)),
    averaged: arena.floats(padded(layout.length, lanes)),
    variance: arena.floats(layout.variational),
    priorMean: arena.floats(layout.variational),
    priorPrecision: arena.floats(layout.variational),
    x: arena.floats(rows * network.inputs),
    target: arena.floats(rows * targets),
    weights: arena.floats(rows),
    order: arena.floats(rows),
    gathered: arena.floats(batch * padded(Math.max(network.inputs, targets), lanes)),
    batchX: arena.floats(network.inputs * batch),
    batchTarget: arena.floats(targets * batch),
    batchWeights: arena.floats(batch),
  };
}

/** See heads.h and bounded-head.h. */
function scratchVectors(head: HeadDescription): number {
  if (head.kind === 'logistic') return 0;
  if (head.kind === 'bounded-mixture') return 4 * head.components;
  const { components: K, dimension: D } = head;
  return 2 * K * D + 2 * K + 2 * D;
}

function planHead(
  kernels: Kernels,
  head: HeadDescription,
  output: Tensor,
  target: number,
  weights: number,
  scratch: number,
): (batch: Batch, scale: number, gradient: boolean) => number {
  if (output.features !== headOutputs(head)) throw new RangeError('The head does not fit the last layer.');
  const { value, gradient } = output;
  if (head.kind === 'logistic')
    return (b, scale, wanted) =>
      kernels.logisticLoss(b.padded, scale, value, target, weights, wanted ? gradient : 0);
  if (head.kind === 'bounded-mixture') {
    const { components } = head;
    const which = { lower: 1, upper: 2, both: 3 }[head.bounds];
    return (b, scale, wanted) =>
      kernels.boundedMixtureLoss(
        components,
        which,
        b.padded,
        scale,
        value,
        target,
        weights,
        scratch,
        wanted ? gradient : 0,
      );
  }
  const { dimension, components } = head;
  return (b, scale, wanted) =>
    kernels.mixtureLoss(
      dimension,
      components,
      b.padded,
      scale,
      value,
      target,
      weights,
      scratch,
      wanted ? gradient : 0,
    );
}
