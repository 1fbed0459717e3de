import { matrixTimes } from './matrix-product.ts';
import { blockSize, parameterBlocks, type HeadDescription, type NetworkDescription } from './network.ts';
import { impute, splitParameters } from './reference-forward.ts';
import { boundedMixtureLoss, logisticLoss, mixtureLoss, type HeadGradient } from './reference-heads.ts';
import * as layers from './reference-layers.ts';
import * as sequence from './reference-sequence.ts';

export interface ReferenceBatch {
  /** [rows, inputs], NaN = missing */
  x: Float64Array;
  /** [rows, targets] */
  target: Float64Array;
  /** [rows] */
  weights: Float64Array;
  /** ε of each variational layer in order, [rows, outputs] */
  noise: readonly Float64Array[];
  klScale: number;
  /** Stored form: means and log-sds of the weights' prior; not read without variational layers */
  prior: Float64Array;
}

/**
 * Loss and gradient of one minibatch in plain float64: the layers of reference-layers.ts joined as TrainingPlan joins the
 * kernels. Parameters and gradient are stored as parameterBlocks says.
 */
export function lossAndGradient(
  network: NetworkDescription,
  parameters: Float64Array,
  batch: ReferenceBatch,
): { loss: number; gradient: Float64Array } {
  const rows = batch.weights.length;
  const values = splitParameters(network, parameters);
  const variances = splitLogSds(network, parameters).map((own) =>
    own.map((s) => s.map((v) => Math.exp(2 * v))),
  );
  const inputs: Float64Array[] = [];
  const ratios: Float64Array[] = [];
  const recurrences: sequence.GruForward[] = [];
  let noiseIndex = 0;
  let value = batch.x;
  network.layers.forEach((layer, index) => {
    inputs.push(value);
    const own = values[index]!;
    if (layer.kind === 'impute') value = impute(value, own[0]!, layer.indicators);
    else if (layer.kind === 'tanh') value = value.map(Math.tanh);
    else if (layer.kind === 'relu') value = value.map((v) => Math.max(v, 0));
    else if (layer.kind === 'append') value = sequence.appendConstants(value, layer.values, rows);
    else if (layer.kind === 'conv') value = sequence.convolutionForward(layer, own[0]!, own[1]!, value, rows);
    else if (layer.kind === 'gru') {
      recurrences[index] = sequence.gruForward(layer, sequence.gruParameters(own), value, rows);
      value = recurrences[index].last;
    } else if (!layer.variational) value = matrixTimes(own[0]!, own[1]!, value, rows);
    else {
      const [v, vBias] = variances[index]!;
      const noise = batch.noise[noiseIndex++]!;
      const result = layers.variationalForward(own[0]!, v!, own[1]!, vBias!, value, noise, rows);
      value = result.y;
      ratios[index] = result.ratio;
    }
  });

  const scored = headLoss(network.head, value, batch);
  let loss = scored.loss;
  let dy: Float64Array | null = scored.gradient;
  const gradients: Float64Array[][] = network.layers.map(() => []);
  const varianceGradients: Float64Array[][] = network.layers.map(() => []);
  for (let index = network.layers.length - 1; index >= 0 && dy !== null; index--) {
    const layer = network.layers[index]!;
    const x = inputs[index]!;
    const output: Float64Array = index + 1 < inputs.length ? inputs[index + 1]! : value;
    if (layer.kind === 'impute') {
      gradients[index] = [layers.imputeBackward(x, dy, network.inputs)];
      dy = null;
    } else if (layer.kind === 'tanh') dy = layers.tanhBackward(output, dy);
    else if (layer.kind === 'relu') dy = layers.reluBackward(output, dy);
    else if (layer.kind === 'append') dy = sequence.withoutConstants(dy, layer.values.length, rows);
    else if (layer.kind === 'conv') {
      const result = sequence.convolutionBackward(layer, values[index]![0]!, x, dy, rows);
      gradients[index] = [result.weights, result.bias];
      dy = result.input;
    } else if (layer.kind === 'gru') {
      const own = sequence.gruParameters(values[index]!);
      const result = sequence.gruBackward(layer, own, recurrences[index]!, dy);
      gradients[index] = [result.weights, result.recurrent, result.bias];
      dy = result.input;
    } else if (layer.variational) {
      const [w] = values[index]!;
      const [v] = variances[index]!;
      const result = layers.variationalBackward(w!, v!, x, dy, ratios[index]!, rows, index > 0);
      gradients[index] = [result.mean.weights, result.mean.bias];
      varianceGradients[index] = [result.variance.weights, result.variance.bias];
      dy = result.mean.input;
    } else {
      const result = layers.linearBackward(values[index]![0]!, x, dy, rows, index > 0);
      gradients[index] = [result.weights, result.bias];
      dy = result.input;
    }
  }

  const priors = splitParameters(network, batch.prior);
  const priorLogSds = splitLogSds(network, batch.prior);
  const logSds = splitLogSds(network, parameters);
  const sdGradients: Float64Array[] = [];
  varianceGradients.forEach((own, index) =>
    own.forEach((dv, b) => {
      const precision = priorLogSds[index]![b]!.map((s) => Math.exp(-2 * s));
      const term = layers.gaussianKl(values[index]![b]!, logSds[index]![b]!, priors[index]![b]!, precision);
      loss += batch.klScale * term.kl;
      gradients[index]![b] = gradients[index]![b]!.map((g, i) => g + batch.klScale * term.mean[i]!);
      const variance = variances[index]![b]!;
      sdGradients.push(dv.map((g, i) => 2 * variance[i]! * g + batch.klScale * term.logSd[i]!));
    }),
  );
  return { loss, gradient: concatenate([...gradients.flat(), ...sdGradients]) };
}

function headLoss(head: HeadDescription, y: Float64Array, { target, weights }: ReferenceBatch): HeadGradient {
  const scale = 1 / weights.length;
  if (head.kind === 'logistic') return logisticLoss(y, target, weights, scale);
  if (head.kind === 'mixture') return mixtureLoss(y, target, weights, head.dimension, head.components, scale);
  return boundedMixtureLoss(y, target, weights, head.components, scale);
}

/** The log-sds of every layer's variational blocks, by layer. */
function splitLogSds(network: NetworkDescription, parameters: Float64Array): Float64Array[][] {
  const blocks = parameterBlocks(network);
  const byLayer: Float64Array[][] = network.layers.map(() => []);
  let offset = blocks.reduce((sum, block) => sum + blockSize(block), 0);
  for (const block of blocks) {
    if (!block.variational) continue;
    byLayer[block.layer]!.push(parameters.slice(offset, offset + blockSize(block)));
    offset += blockSize(block);
  }
  return byLayer;
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
