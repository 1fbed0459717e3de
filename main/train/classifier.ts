import { AppError } from '../contract/errors.ts';
import { createRandom } from '../numeric/random.ts';
import { initialParameters } from './initialise.ts';
import { createKernels } from './kernels.ts';
import { linear, type NetworkDescription } from './network.ts';
import { TrainingPlan } from './plan.ts';
import { forward } from './reference-forward.ts';
import { shuffle } from './training-loop.ts';

export interface ClassifierRequest {
  /** [n, d] row-major; finite, and scaled to about unit variance by the caller */
  x: Float64Array;
  /** [n] labels, 0 or 1 */
  y: ArrayLike<number>;
  /** Sizes of the hidden layers; [] is logistic regression. */
  hidden: readonly number[];
  seed: number;
  activation?: 'relu' | 'tanh';
  /** [n], mean 1; default all 1 */
  weights?: Float64Array;
  learningRate?: number;
  batchSize?: number;
  /** Training stops when the loss has not fallen by `tolerance` … */
  tolerance?: number;
  /** … for so many epochs, */
  patience?: number;
  /** or after so many. */
  maxEpochs?: number;
  strict?: boolean;
}

export interface Classifier {
  /** P(label = 1) of each row of x [n, d]. */
  predict(x: Float64Array): Float64Array;
  /** As stored (network.ts); with classifierNetwork, all that predictLabel needs. */
  parameters: Float32Array;
  epochs: number;
  /** Mean cross-entropy of the last epoch, nats. */
  loss: number;
  /** Steps left out because their loss or gradient was not finite. */
  skippedSteps: number;
}

/**
 * A multilayer perceptron with a logistic output, trained by Adam on the cross-entropy, in this thread. The defaults are
 * those of scikit-learn's MLPClassifier (1.5: Adam, rate 1e-3, batches of 200, tol 1e-4 over 10 epochs, rectifiers), with
 * which published C2ST values were made; its L2 penalty (alpha 1e-4, divided by the batch size) is left out.
 * @throws AppError input-invalid where shapes, labels or values do not fit
 */
export function trainClassifier(request: ClassifierRequest): Classifier {
  const { x, y, hidden, seed, activation = 'relu', learningRate = 1e-3, tolerance = 1e-4 } = request;
  const { patience = 10, maxEpochs = 1000, strict = false } = request;
  const n = y.length;
  const inputs = x.length / n;
  checkData(x, y, inputs);
  const batchSize = Math.min(request.batchSize ?? 200, n);
  const network = classifierNetwork(inputs, hidden, activation);
  const plan = new TrainingPlan(createKernels(strict), network, {
    batchSize,
    rows: n,
    learnsImputation: false,
  });
  plan.x.set(x);
  for (let i = 0; i < n; i++) plan.target[i] = y[i]!;
  if (request.weights) plan.weights.set(request.weights);
  const random = createRandom(seed);
  plan.setParameters(initialParameters(network, random));

  let best = Infinity;
  let sinceBest = 0;
  let loss = Infinity;
  let epochs = 0;
  let step = 0;
  let skippedSteps = 0;
  while (epochs < maxEpochs && sinceBest <= patience) {
    shuffle(plan.order, n, random);
    let total = 0;
    for (let start = 0; start < n; start += batchSize) {
      const rows = Math.min(batchSize, n - start);
      const batchLoss = plan.differentiate(start, rows, 0, 0);
      if (Number.isFinite(batchLoss) && Number.isFinite(plan.gradientNorm2())) {
        plan.adam(++step, learningRate, 1);
        total += batchLoss * rows;
      } else skippedSteps += 1;
    }
    epochs += 1;
    loss = total / n;
    // As scikit-learn counts: an epoch must beat the best loss by the tolerance.
    sinceBest = loss > best - tolerance ? sinceBest + 1 : 0;
    best = Math.min(best, loss);
  }
  const parameters = plan.parameters();
  return {
    epochs,
    loss,
    skippedSteps,
    parameters,
    predict: (rows) => predictLabel(network, parameters, rows),
  };
}

export function classifierNetwork(
  inputs: number,
  hidden: readonly number[],
  activation: 'relu' | 'tanh',
): NetworkDescription {
  return {
    inputs,
    layers: [...hidden.flatMap((size) => [linear(size), { kind: activation }]), linear(1)],
    head: { kind: 'logistic' },
  };
}

/** P(label = 1) of each row of x [n, d], in float64. */
export function predictLabel(
  network: NetworkDescription,
  parameters: Float32Array,
  x: Float64Array,
): Float64Array {
  const logits = forward(network, parameters, x, x.length / network.inputs);
  return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
}

function checkData(x: Float64Array, y: ArrayLike<number>, inputs: number): void {
  if (y.length === 0 || !Number.isInteger(inputs) || inputs === 0)
    throw invalid(`${x.length} values do not make rows for ${y.length} labels.`);
  if (!x.every(Number.isFinite)) throw invalid('A classifier needs finite values.');
  for (let i = 0; i < y.length; i++)
    if (y[i] !== 0 && y[i] !== 1) throw invalid(`A label must be 0 or 1, not ${y[i]} (row ${i + 1}).`);
}

function invalid(message: string): AppError {
  return new AppError('input-invalid', message, {
    remedy: 'Give one row of finite values a label, and labels of 0 or 1.',
  });
}
