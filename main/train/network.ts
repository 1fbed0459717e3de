import { AppError } from '../contract/errors.ts';
import {
  convolvedSteps,
  embeddingLayers,
  type ConvolutionShape,
  type EmbeddingSpec,
  type GruShape,
} from './embedding.ts';

/** The conditional density network of science: features → hidden tanh layers → mixture of Gaussians. */
export interface NetworkSpec {
  /** Features F */
  inputs: number;
  /** Features that may be missing: each has a second input, 1 where it is missing and 0 elsewhere. Left out = none. */
  indicators?: number[] | undefined;
  /** Parameters D */
  outputs: number;
  hidden: number[];
  /** Mixture components K */
  components: number;
  /** Factorised Gaussian over weights and biases, instead of point values. */
  variational: boolean;
  /** What turns a raw trace into a few numbers before the hidden layers; none = the inputs are features already. */
  embedding?: EmbeddingSpec | null | undefined;
}

export type LayerDescription =
  | { kind: 'impute'; indicators: readonly number[] }
  | { kind: 'linear'; outputs: number; variational: boolean }
  | { kind: 'append'; values: readonly number[] }
  | ({ kind: 'conv' } & ConvolutionShape)
  | ({ kind: 'gru' } & GruShape)
  | { kind: 'tanh' }
  | { kind: 'relu' };

export type HeadDescription =
  | { kind: 'mixture'; dimension: number; components: number }
  /** One parameter, its normals restricted to bounds that every row brings with it. */
  | { kind: 'bounded-mixture'; components: number; bounds: 'lower' | 'upper' | 'both' }
  | { kind: 'logistic' };

/** A network as a list of layers and a head that holds the loss; plan.ts turns it into kernel calls. */
export interface NetworkDescription {
  inputs: number;
  layers: readonly LayerDescription[];
  head: HeadDescription;
}

/** A block of parameters: weights [rows = outputs, columns = inputs], a bias [rows, 1] or imputed values [rows, 1]. */
export interface ParameterBlock {
  layer: number;
  kind: 'impute' | 'weights' | 'bias';
  rows: number;
  columns: number;
  variational: boolean;
}

/** @throws AppError input-invalid where a size is not a positive integer or an indicator belongs to no feature */
export function densityNetwork(spec: NetworkSpec): NetworkDescription {
  const { inputs, indicators = [], outputs, hidden, components, variational, embedding } = spec;
  for (const size of [inputs, outputs, components, ...hidden]) requireSize(size);
  requireIndicators(indicators, inputs);
  const head = { kind: 'mixture', dimension: outputs, components } as const;
  return {
    inputs,
    layers: [
      ...(embedding ? embeddingLayers(embedding, inputs) : [{ kind: 'impute', indicators } as const]),
      ...hidden.flatMap((size) => [linear(size, variational), { kind: 'tanh' } as const]),
      linear(headOutputs(head), variational),
    ],
    head,
  };
}

export function linear(outputs: number, variational = false): LayerDescription {
  return { kind: 'linear', outputs, variational };
}

/** Rows that a head reads: K logits, K·D means and K·D(D+1)/2 entries of U; or one row of log-odds. */
export function headOutputs(head: HeadDescription): number {
  if (head.kind === 'logistic') return 1;
  if (head.kind === 'bounded-mixture') return 3 * head.components;
  const { dimension: D, components: K } = head;
  return K * (1 + D + (D * (D + 1)) / 2);
}

/** Values per row that a head compares with: θ, or one of its parameters and that one's two bounds, or the label. */
export function headTargets(head: HeadDescription): number {
  if (head.kind === 'bounded-mixture') return 3;
  return head.kind === 'mixture' ? head.dimension : 1;
}

/** All parameters in the order in which they are stored: first every block's values, then the log-sds of the variational ones. */
export function parameterBlocks(network: NetworkDescription): ParameterBlock[] {
  let width = network.inputs;
  const blocks: ParameterBlock[] = [];
  network.layers.forEach((layer, index) => {
    if (layer.kind === 'impute') {
      blocks.push({ layer: index, kind: 'impute', rows: width, columns: 1, variational: false });
      width += layer.indicators.length;
    } else if (layer.kind === 'linear') {
      const { outputs, variational } = layer;
      blocks.push({ layer: index, kind: 'weights', rows: outputs, columns: width, variational });
      blocks.push({ layer: index, kind: 'bias', rows: outputs, columns: 1, variational });
      width = outputs;
    } else if (layer.kind === 'append') width += layer.values.length;
    else if (layer.kind === 'conv') {
      const taps = layer.channels * layer.kernel;
      blocks.push(
        pointBlock(index, 'weights', layer.filters, taps),
        pointBlock(index, 'bias', layer.filters),
      );
      width = layer.filters * convolvedSteps(layer);
    } else if (layer.kind === 'gru') {
      const { units, channels } = layer;
      blocks.push(pointBlock(index, 'weights', 3 * units, channels));
      blocks.push(pointBlock(index, 'weights', 3 * units, units), pointBlock(index, 'bias', 4 * units));
      width = units;
    }
  });
  if (width !== headOutputs(network.head)) {
    throw new AppError(
      'internal',
      `The last layer has ${width} outputs, its head needs ${headOutputs(network.head)}.`,
      {
        remedy: 'Describe the network with densityNetwork or a matching last layer.',
      },
    );
  }
  return blocks;
}

function pointBlock(layer: number, kind: ParameterBlock['kind'], rows: number, columns = 1): ParameterBlock {
  return { layer, kind, rows, columns, variational: false };
}

export function blockSize({ rows, columns }: ParameterBlock): number {
  return rows * columns;
}

/** Number of stored parameters: values, and log-sds of the variational ones. */
export function parameterCount(network: NetworkDescription): number {
  return parameterBlocks(network).reduce((sum, b) => sum + blockSize(b) * (b.variational ? 2 : 1), 0);
}

/** Increasing, so that one set of features has one network. */
function requireIndicators(indicators: readonly number[], inputs: number): void {
  const fit = indicators.every((f, i) => Number.isInteger(f) && f < inputs && f > (indicators[i - 1] ?? -1));
  if (fit) return;
  throw new AppError('input-invalid', `The features ${indicators.join(', ')} cannot have indicators.`, {
    remedy: `Give increasing indices of features, 0 to ${inputs - 1}.`,
  });
}

function requireSize(size: number): void {
  if (Number.isInteger(size) && size > 0) return;
  throw new AppError('input-invalid', `A network size must be a positive integer, not ${size}.`, {
    remedy: 'Give every hidden layer at least one unit, and at least one component, feature and parameter.',
  });
}
