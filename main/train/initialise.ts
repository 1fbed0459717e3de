import type { RandomStream } from '../numeric/random.ts';
import { blockSize, parameterBlocks, parameterCount, type NetworkDescription } from './network.ts';

/** First log-sd of a variational weight [SNPE]: noise small enough not to hide the first gradients. */
const initialLogSd = -5;
/** First imputed values are N(0, 0.01) in z-scores, a variance: sd 0.1 [SNPE]. */
const imputedSd = 0.1;
/** The head starts near a standard normal over standardised θ, whatever the input. */
const headGain = 0.2;

/**
 * Parameters before training, stored as in parameterBlocks: weights N(0, gain²/inputs), biases 0. The means of several
 * mixture components start at independent N(0, 1): equal components would receive equal gradients and never part.
 */
export function initialParameters(network: NetworkDescription, random: RandomStream): Float32Array {
  const blocks = parameterBlocks(network);
  const parameters = new Float32Array(parameterCount(network));
  const last = network.layers.length - 1;
  // He et al. 2015 for rectifiers; LeCun et al. 1998 for tanh.
  const hiddenGain = network.layers.some((layer) => layer.kind === 'relu') ? Math.SQRT2 : 1;
  let offset = 0;
  for (const block of blocks) {
    const size = blockSize(block);
    const gain = block.layer === last ? headGain : hiddenGain;
    const sd =
      block.kind === 'impute' ? imputedSd : block.kind === 'weights' ? gain / Math.sqrt(block.columns) : 0;
    if (sd > 0) for (let i = 0; i < size; i++) parameters[offset + i] = sd * random.normal();
    const layer = network.layers[block.layer]!;
    if (layer.kind === 'gru' && block.kind === 'bias')
      spreadMemories(layer.steps, parameters.subarray(offset, offset + layer.units), random);
    if (block.kind === 'bias' && block.layer === last) spreadComponents(network, parameters, offset, random);
    offset += size;
  }
  return parameters.fill(initialLogSd, offset);
}

/**
 * Biases of update gates: ln u, u uniform between 1 and steps − 1. With σ(ln u) = u/(u + 1) a state fades in about u steps, so that
 * some units keep the beginning of the sequence to its end from the start (chrono initialisation; Tallec, Ollivier 2018). From
 * biases of 0 all fade in two steps, and the gradient with them: hh8 traces of 120 steps took twice as many epochs.
 */
function spreadMemories(steps: number, biases: Float32Array, random: RandomStream): void {
  for (let i = 0; i < biases.length; i++) biases[i] = Math.log(1 + random.uniform() * Math.max(0, steps - 2));
}

function spreadComponents(
  { head }: NetworkDescription,
  parameters: Float32Array,
  bias: number,
  random: RandomStream,
): void {
  if (head.kind === 'logistic' || head.components === 1) return;
  const { components } = head;
  const dimension = head.kind === 'mixture' ? head.dimension : 1;
  for (let i = 0; i < components * dimension; i++) parameters[bias + components + i] = random.normal();
}
