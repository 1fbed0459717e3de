import { matrixTimes } from './matrix-product.ts';

/**
 * The layers in plain float64, the oracle that the kernels are tested against and the yardstick of bench/train.ts.
 * Everything is row-major with one row a simulation: x [rows, inputs], y [rows, outputs], weights [outputs, inputs].
 */
export interface LinearGradient {
  weights: Float64Array;
  bias: Float64Array;
  /** null where not wanted */
  input: Float64Array | null;
}

/** dW = dyᵀx, db = Σ dy, dx = dy W. */
export function linearBackward(
  weights: Float64Array,
  x: Float64Array,
  dy: Float64Array,
  rows: number,
  wantsInput: boolean,
): LinearGradient {
  const outputs = dy.length / rows;
  const inputs = x.length / rows;
  const dWeights = new Float64Array(outputs * inputs);
  const dBias = new Float64Array(outputs);
  const dInput = wantsInput ? new Float64Array(x.length) : null;
  for (let n = 0; n < rows; n++) {
    for (let o = 0; o < outputs; o++) {
      const slope = dy[n * outputs + o]!;
      dBias[o]! += slope;
      for (let i = 0; i < inputs; i++) dWeights[o * inputs + i]! += slope * x[n * inputs + i]!;
      if (dInput !== null)
        for (let i = 0; i < inputs; i++) dInput[n * inputs + i]! += slope * weights[o * inputs + i]!;
    }
  }
  return { weights: dWeights, bias: dBias, input: dInput };
}

export interface VariationalForward {
  y: Float64Array;
  /** ε/(2 sd) of each pre-activation: the backward pass's factor from dy to the gradient of the variance */
  ratio: Float64Array;
}

/** y = W x + b + √(V x² + v_b) ε with V = e^{2s}: local reparameterisation (Kingma, Salimans, Welling 2015). */
export function variationalForward(
  weights: Float64Array,
  variance: Float64Array,
  bias: Float64Array,
  biasVariance: Float64Array,
  x: Float64Array,
  noise: Float64Array,
  rows: number,
): VariationalForward {
  const y = matrixTimes(weights, bias, x, rows);
  const ratio = matrixTimes(variance, biasVariance, squared(x), rows);
  for (let i = 0; i < y.length; i++) {
    const sd = Math.sqrt(ratio[i]!);
    y[i]! += sd * noise[i]!;
    ratio[i] = noise[i]! / (2 * sd);
  }
  return { y, ratio };
}

/** The mean's gradient as in a linear layer; the variance's with e = dy ∘ ratio: dV = eᵀx², dx += 2x ∘ (e V). */
export function variationalBackward(
  weights: Float64Array,
  variance: Float64Array,
  x: Float64Array,
  dy: Float64Array,
  ratio: Float64Array,
  rows: number,
  wantsInput: boolean,
): { mean: LinearGradient; variance: LinearGradient } {
  const mean = linearBackward(weights, x, dy, rows, wantsInput);
  const e = dy.map((value, i) => value * ratio[i]!);
  const ofVariance = linearBackward(variance, squared(x), e, rows, wantsInput);
  if (mean.input !== null)
    for (let i = 0; i < x.length; i++) mean.input[i]! += 2 * x[i]! * ofVariance.input![i]!;
  return { mean, variance: ofVariance };
}

/** From the outputs of tanh. */
export function tanhBackward(y: Float64Array, dy: Float64Array): Float64Array {
  return dy.map((value, i) => value * (1 - y[i]! * y[i]!));
}

export function reluBackward(y: Float64Array, dy: Float64Array): Float64Array {
  return dy.map((value, i) => (y[i]! > 0 ? value : 0));
}

/**
 * Gradient of the imputed values: the sum over the rows where the feature was missing.
 * @param x [rows, F]
 * @param dy [rows, F + indicators]; the indicators have nothing to learn
 */
export function imputeBackward(x: Float64Array, dy: Float64Array, features: number): Float64Array {
  const gradient = new Float64Array(features);
  const width = (dy.length * features) / x.length;
  for (let i = 0; i < x.length; i++) {
    const f = i % features;
    if (Number.isNaN(x[i]!)) gradient[f]! += dy[Math.floor(i / features) * width + f]!;
  }
  return gradient;
}

/**
 * KL(N(m, e^{2s}) ‖ N(m₀, 1/P)) = Σ ½[e^{2s} P + (m − m₀)² P − 1 − log P] − s, and its gradients.
 */
export function gaussianKl(
  mean: Float64Array,
  logSd: Float64Array,
  priorMean: Float64Array,
  priorPrecision: Float64Array,
): { kl: number; mean: Float64Array; logSd: Float64Array } {
  let kl = 0;
  const dMean = new Float64Array(mean.length);
  const dLogSd = new Float64Array(mean.length);
  for (let i = 0; i < mean.length; i++) {
    const precision = priorPrecision[i]!;
    const vp = Math.exp(2 * logSd[i]!) * precision;
    const away = mean[i]! - priorMean[i]!;
    kl += 0.5 * (vp + away * away * precision - 1 - Math.log(precision)) - logSd[i]!;
    dMean[i] = away * precision;
    dLogSd[i] = vp - 1;
  }
  return { kl, mean: dMean, logSd: dLogSd };
}

/** One step of Adam, in place (Kingma, Ba 2015); `step` counts from 1. */
export function adamStep(
  parameters: Float64Array,
  gradient: Float64Array,
  first: Float64Array,
  second: Float64Array,
  step: number,
  learningRate: number,
): void {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i]!;
    const m = (first[i] = beta1 * first[i]! + (1 - beta1) * g);
    const v = (second[i] = beta2 * second[i]! + (1 - beta2) * g * g);
    const rate = learningRate / (1 - beta1 ** step);
    parameters[i]! -= (rate * m) / (Math.sqrt(v / (1 - beta2 ** step)) + epsilon);
  }
}

function squared(x: Float64Array): Float64Array {
  return x.map((value) => value * value);
}
