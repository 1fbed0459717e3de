import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../main/numeric/random.ts';
import {
  linear,
  densityNetwork,
  parameterCount,
  type NetworkDescription,
} from '../../../main/train/network.ts';
import { lossAndGradient, type ReferenceBatch } from '../../../main/train/reference-gradient.ts';

const rows = 7;

function example(network: NetworkDescription, targets: number, noiseSizes: number[]) {
  const random = createRandom(11);
  const normals = (n: number, scale = 1) => Float64Array.from({ length: n }, () => scale * random.normal());
  const x = normals(rows * network.inputs);
  if (network.layers[0]!.kind === 'impute') x[2] = x[5] = NaN;
  const parameters = normals(parameterCount(network), 0.4);
  const prior = normals(parameters.length, 0.3);
  const target = normals(rows * targets);
  const { head } = network;
  if (head.kind === 'logistic') target.forEach((_, i) => (target[i] = i % 2));
  if (head.kind === 'bounded-mixture') {
    // The parameter and, differing from row to row, the bounds around it.
    for (let i = 0; i < target.length; i += 3) {
      target[i + 1] = head.bounds === 'upper' ? -Infinity : target[i]! - Math.abs(target[i + 1]!);
      target[i + 2] = head.bounds === 'lower' ? Infinity : target[i]! + Math.abs(target[i + 2]!);
    }
  }
  const batch: ReferenceBatch = {
    x,
    target,
    weights: Float64Array.from({ length: rows }, () => 2 * random.uniform()),
    noise: noiseSizes.map((size) => normals(rows * size)),
    klScale: 0.01,
    prior,
  };
  return { parameters, batch };
}

const classifier: NetworkDescription = {
  inputs: 3,
  layers: [
    { kind: 'impute', indicators: [] },
    linear(6),
    { kind: 'relu' },
    linear(5),
    { kind: 'tanh' },
    linear(1),
  ],
  head: { kind: 'logistic' },
};
const sizes = { inputs: 3, outputs: 2, hidden: [5, 4] };
const plain = densityNetwork({ ...sizes, components: 3, variational: false });
const indicating = densityNetwork({ ...sizes, indicators: [1, 2], components: 3, variational: false });
const variational = densityNetwork({ ...sizes, components: 2, variational: true });

/** A classifier's layers before a head for one bounded parameter. */
const bounded = (bounds: 'lower' | 'upper' | 'both'): NetworkDescription => ({
  inputs: 3,
  layers: [{ kind: 'impute', indicators: [] }, linear(6), { kind: 'tanh' }, linear(9)],
  head: { kind: 'bounded-mixture', components: 3, bounds },
});
const embedding = { units: 4, filters: 3, kernel: 4, stride: 2 };
const current = [0.5, -1, 2, 0, 1, 1, -0.5, 0.25, 0, 1];
const trace = { inputs: 10, outputs: 2, hidden: [5], components: 2, variational: false };
const gru = densityNetwork({ ...trace, embedding: { ...embedding, kind: 'gru', current } });
const convGru = densityNetwork({ ...trace, embedding: { ...embedding, kind: 'conv-gru', current: [] } });
const imputed: NetworkDescription = {
  ...gru,
  layers: [{ kind: 'impute', indicators: [] }, ...gru.layers],
};

describe('the float64 reference', () => {
  it.each([
    ['a mixture network', plain, 2, []],
    ['a mixture network that is told what is missing', indicating, 2, []],
    ['a variational mixture network with its KL term', variational, 2, [5, 4, 12]],
    ['a mixture between two bounds', bounded('both'), 3, []],
    ['a mixture above a bound', bounded('lower'), 3, []],
    ['a mixture below a bound', bounded('upper'), 3, []],
    ['a classifier', classifier, 1, []],
    ['a recurrent embedding with a current, behind imputation', imputed, 2, []],
    ['a convolutional one', convGru, 2, []],
  ])('has the gradient that central differences give: %s', (_, network, targets, noiseSizes) => {
    const { parameters, batch } = example(network, targets, noiseSizes);
    const { gradient } = lossAndGradient(network, parameters, batch);
    const step = 1e-5;
    let worst = 0;
    for (let i = 0; i < parameters.length; i++) {
      const at = parameters[i]!;
      parameters[i] = at + step;
      const above = lossAndGradient(network, parameters, batch).loss;
      parameters[i] = at - step;
      const below = lossAndGradient(network, parameters, batch).loss;
      parameters[i] = at;
      const slope = (above - below) / (2 * step);
      worst = Math.max(worst, Math.abs(slope - gradient[i]!) / Math.max(1, Math.abs(slope)));
    }
    // Truncation h² ≈ 1e-10 and rounding 1e-16/h ≈ 1e-11, both times the size of third derivatives.
    expect(worst).toBeLessThan(1e-7);
  });
});
