import { convolvedSteps, type ConvolutionShape, type GruShape } from './embedding.ts';
import { matrixTimes } from './matrix-product.ts';
import { linearBackward } from './reference-layers.ts';

/**
 * The layers over time in plain float64: the oracle of the kernels in native/recurrent.h and what prediction uses. A row of x
 * is a whole sequence, [channels, steps], time running fastest.
 */
/**
 * Gate rows in this order: update z, reset r, candidate n. weights [3U, channels], recurrent [3U, U], bias [4U]: z, r, the
 * candidate's recurrent part a, its input part n.
 */
export interface GruParameters {
  weights: Float64Array;
  recurrent: Float64Array;
  bias: Float64Array;
}

/** From the blocks of a network, in the order of parameterBlocks. */
export function gruParameters(blocks: readonly Float64Array[]): GruParameters {
  const [weights, recurrent, bias] = blocks as [Float64Array, Float64Array, Float64Array];
  return { weights, recurrent, bias };
}

export interface GruStep {
  /** [rows, units] the state before the step */
  before: Float64Array;
  /** [rows, channels] */
  input: Float64Array;
  /** [rows, 4, units] z, r, a, n */
  gates: Float64Array;
}

export interface GruForward {
  /** [rows, units] the last state */
  last: Float64Array;
  steps: GruStep[];
}

/**
 * Gated recurrent unit (Cho et al. 2014, the reset gate after the recurrent product, as in cuDNN): from h = 0, at every step
 *   z = σ(W_z x + U_z h + b_z), r = σ(W_r x + U_r h + b_r), a = U_n h + b_a, n = tanh(W_n x + b_n + r a), h ← n + z (h − n).
 */
export function gruForward(shape: GruShape, own: GruParameters, x: Float64Array, rows: number): GruForward {
  const U = shape.units;
  const stateBias = own.bias.subarray(0, 3 * U);
  const inputBias = new Float64Array(3 * U);
  inputBias.set(own.bias.subarray(3 * U), 2 * U);
  const steps: GruStep[] = [];
  let before = new Float64Array(rows * U);
  for (let t = 0; t < shape.steps; t++) {
    const input = stepOf(shape, x, rows, t);
    const fromState = matrixTimes(own.recurrent, stateBias, before, rows);
    const fromInput = matrixTimes(own.weights, inputBias, input, rows);
    const gates = new Float64Array(rows * 4 * U);
    const after = new Float64Array(rows * U);
    for (let i = 0; i < after.length; i++) {
      const [at, gate] = [Math.floor(i / U) * 3 * U + (i % U), Math.floor(i / U) * 4 * U + (i % U)];
      const z = sigmoid(fromState[at]! + fromInput[at]!);
      const r = sigmoid(fromState[at + U]! + fromInput[at + U]!);
      const a = fromState[at + 2 * U]!;
      const n = Math.tanh(fromInput[at + 2 * U]! + r * a);
      gates[gate] = z;
      gates[gate + U] = r;
      gates[gate + 2 * U] = a;
      gates[gate + 3 * U] = n;
      after[i] = n + z * (before[i]! - n);
    }
    steps.push({ before, input, gates });
    before = after;
  }
  return { last: before, steps };
}

export interface GruGradient extends GruParameters {
  /** As x */
  input: Float64Array;
}

/** Back-propagation through time from the gradient of the last state, [rows, units]; formulas in native/recurrent.h. */
export function gruBackward(
  shape: GruShape,
  own: GruParameters,
  { steps }: GruForward,
  dLast: Float64Array,
): GruGradient {
  const { units: U, channels } = shape;
  const rows = dLast.length / U;
  const gradient: GruGradient = {
    weights: new Float64Array(own.weights.length),
    recurrent: new Float64Array(own.recurrent.length),
    bias: new Float64Array(4 * U),
    input: new Float64Array(rows * channels * shape.steps),
  };
  let g = dLast;
  for (let t = shape.steps - 1; t >= 0; t--) {
    const { before, input, gates } = steps[t]!;
    const intoState = new Float64Array(rows * 3 * U);
    const intoInput = new Float64Array(rows * 3 * U);
    const kept = new Float64Array(rows * U);
    for (let i = 0; i < kept.length; i++) {
      const [at, gate] = [Math.floor(i / U) * 3 * U + (i % U), Math.floor(i / U) * 4 * U + (i % U)];
      const [z, r, a, n] = [gates[gate]!, gates[gate + U]!, gates[gate + 2 * U]!, gates[gate + 3 * U]!];
      const dn = g[i]! * (1 - z) * (1 - n * n);
      intoInput[at] = intoState[at] = g[i]! * (before[i]! - n) * z * (1 - z);
      intoInput[at + U] = intoState[at + U] = dn * a * r * (1 - r);
      intoState[at + 2 * U] = dn * r;
      intoInput[at + 2 * U] = dn;
      kept[i] = g[i]! * z;
    }
    const ofState = linearBackward(own.recurrent, before, intoState, rows, true);
    const ofInput = linearBackward(own.weights, input, intoInput, rows, true);
    add(gradient.recurrent, ofState.weights);
    add(gradient.weights, ofInput.weights);
    add(gradient.bias, ofState.bias);
    add(gradient.bias.subarray(3 * U), ofInput.bias.subarray(2 * U));
    for (let i = 0; i < rows * channels; i++) gradient.input[i * shape.steps + t] = ofInput.input![i]!;
    g = kept;
    add(g, ofState.input!);
  }
  return gradient;
}

/** [rows, channels] of x at one step. */
function stepOf({ channels, steps }: GruShape, x: Float64Array, rows: number, t: number): Float64Array {
  return Float64Array.from({ length: rows * channels }, (_, i) => x[i * steps + t]!);
}

function add(sum: Float64Array, values: Float64Array): void {
  for (let i = 0; i < values.length; i++) sum[i]! += values[i]!;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** y[f, t] = b_f + Σ_c Σ_k w[f, c·kernel + k] x[c, t·stride + k]; weights [filters, channels·kernel]. */
export function convolutionForward(
  shape: ConvolutionShape,
  weights: Float64Array,
  bias: Float64Array,
  x: Float64Array,
  rows: number,
): Float64Array {
  const y = new Float64Array(rows * shape.filters * convolvedSteps(shape));
  visitWindows(shape, rows, (out, f) => (y[out] = bias[f]!));
  visitTaps(shape, rows, (out, at, tap) => (y[out]! += weights[tap]! * x[at]!));
  return y;
}

export function convolutionBackward(
  shape: ConvolutionShape,
  weights: Float64Array,
  x: Float64Array,
  dy: Float64Array,
  rows: number,
): { weights: Float64Array; bias: Float64Array; input: Float64Array } {
  const gradient = {
    weights: new Float64Array(weights.length),
    bias: new Float64Array(shape.filters),
    input: new Float64Array(x.length),
  };
  visitWindows(shape, rows, (out, f) => (gradient.bias[f]! += dy[out]!));
  visitTaps(shape, rows, (out, at, tap) => {
    gradient.weights[tap]! += dy[out]! * x[at]!;
    gradient.input[at]! += dy[out]! * weights[tap]!;
  });
  return gradient;
}

/** Every value of the output with its filter. */
function visitWindows(
  shape: ConvolutionShape,
  rows: number,
  visit: (out: number, filter: number) => void,
): void {
  const steps = convolvedSteps(shape);
  for (let out = 0; out < rows * shape.filters * steps; out++)
    visit(out, Math.floor(out / steps) % shape.filters);
}

/** Every product of the convolution: places in the output, in the input and among the weights. */
function visitTaps(
  shape: ConvolutionShape,
  rows: number,
  visit: (out: number, at: number, tap: number) => void,
): void {
  const { channels, steps, filters, kernel, stride } = shape;
  const outSteps = convolvedSteps(shape);
  visitWindows(shape, rows, (out, f) => {
    const [row, t] = [Math.floor(out / (outSteps * filters)), out % outSteps];
    for (let c = 0; c < channels; c++)
      for (let k = 0; k < kernel; k++)
        visit(out, (row * channels + c) * steps + t * stride + k, (f * channels + c) * kernel + k);
  });
}

/** Every row followed by the same values. */
export function appendConstants(x: Float64Array, values: readonly number[], rows: number): Float64Array {
  const width = x.length / rows;
  const y = new Float64Array(rows * (width + values.length));
  for (let row = 0; row < rows; row++) {
    y.set(x.subarray(row * width, (row + 1) * width), row * (width + values.length));
    y.set(values, row * (width + values.length) + width);
  }
  return y;
}

/** The gradient of x alone. */
export function withoutConstants(dy: Float64Array, constants: number, rows: number): Float64Array {
  const width = dy.length / rows - constants;
  const dx = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++)
    dx.set(dy.subarray(row * (width + constants), row * (width + constants) + width), row * width);
  return dx;
}
