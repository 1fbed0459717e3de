import type { Kernels } from '../../native/kernels.ts';
import { padded, type Arena, type PlacedBlock } from './memory.ts';
import type { LayerDescription } from './network.ts';
import { planAppend, planConvolution, planGru } from './planned-sequence.ts';

/** The rows of one minibatch, and their number padded to the vector width. */
export interface Batch {
  rows: number;
  padded: number;
}
export type Step = (batch: Batch) => void;

/** A feature-major activation, [features][batch], and its gradient (0 where none is wanted). Byte offsets. */
export interface Tensor {
  features: number;
  value: number;
  gradient: number;
}

/** What a planned layer does; `evaluate` is forward with the mean weights. */
export interface PlannedLayer {
  output: Tensor;
  forward: Step;
  evaluate: Step;
  backward: Step | null;
}

/** Byte offsets of one parameter block: value, its gradient, and for variational blocks variance and its gradient. */
export interface BlockAddress {
  value: number;
  gradient: number;
  variance: number;
  varianceGradient: number;
}

export interface PlanContext {
  kernels: Kernels;
  arena: Arena;
  /** Largest batch, padded. */
  batch: number;
  /** Generator state of the noise. */
  noise: number;
  address(block: PlacedBlock): BlockAddress;
  /** Room that holds these values for good. */
  constant(values: readonly number[]): number;
  /** Whether the training data hold NaN, so that the imputed values have a gradient. */
  learnsImputation: boolean;
}

export function planLayer(
  context: PlanContext,
  layer: LayerDescription,
  blocks: readonly PlacedBlock[],
  input: Tensor,
): PlannedLayer {
  switch (layer.kind) {
    case 'impute':
      return planImputation(context, layer.indicators, blocks[0]!, input);
    case 'linear':
      return layer.variational ? planVariational(context, blocks, input) : planLinear(context, blocks, input);
    case 'append':
      return planAppend(context, layer.values, input);
    case 'conv':
      return planConvolution(context, layer, blocks, input);
    case 'gru':
      return planGru(context, layer, blocks, input);
    case 'tanh':
    case 'relu':
      return planActivation(context, layer.kind, input);
  }
}

/** The features, imputed, and after them one row for each indicator; the indicators have nothing to learn. */
function planImputation(
  context: PlanContext,
  indicators: readonly number[],
  block: PlacedBlock,
  input: Tensor,
): PlannedLayer {
  const { kernels, learnsImputation } = context;
  const values = context.address(block);
  const output = allocate(context, input.features + indicators.length, learnsImputation);
  const forward: Step = (b) => {
    const row = (base: number, feature: number) => base + 4 * feature * b.padded;
    kernels.imputeForward(input.features, b.padded, input.value, values.value, output.value);
    indicators.forEach((feature, i) =>
      kernels.missingForward(b.padded, row(input.value, feature), row(output.value, input.features + i)),
    );
  };
  const backward: Step = (b) =>
    kernels.imputeBackward(input.features, b.padded, input.value, output.gradient, values.gradient);
  return { output, forward, evaluate: forward, backward: learnsImputation ? backward : null };
}

function planLinear(context: PlanContext, blocks: readonly PlacedBlock[], input: Tensor): PlannedLayer {
  const { kernels, arena } = context;
  const [w, bias] = blocks.map((block) => context.address(block)) as [BlockAddress, BlockAddress];
  const outputs = blocks[0]!.rows;
  const inputs = input.features;
  const output = allocate(context, outputs, true);
  const xt = arena.floats(context.batch * padded(inputs, kernels.lanes));
  const forward: Step = (b) =>
    kernels.linearForward(outputs, inputs, b.padded, w.value, bias.value, input.value, output.value);
  const backward: Step = (b) =>
    kernels.linearBackward(
      outputs,
      inputs,
      b.rows,
      b.padded,
      w.value,
      input.value,
      xt,
      output.gradient,
      w.gradient,
      bias.gradient,
      input.gradient,
    );
  return { output, forward, evaluate: forward, backward };
}

function planVariational(context: PlanContext, blocks: readonly PlacedBlock[], input: Tensor): PlannedLayer {
  const { kernels, arena, noise } = context;
  const [w, bias] = blocks.map((block) => context.address(block)) as [BlockAddress, BlockAddress];
  const mean = planLinear(context, blocks, input);
  const { output } = mean;
  const outputs = output.features;
  const inputs = input.features;
  const x2 = arena.floats(inputs * context.batch);
  const ratio = arena.floats(outputs * context.batch);
  const epsilon = arena.floats(outputs * context.batch + kernels.lanes);
  const xt = arena.floats(context.batch * padded(inputs, kernels.lanes));
  const forward: Step = (b) =>
    kernels.variationalForward(
      outputs,
      inputs,
      b.rows,
      b.padded,
      w.value,
      w.variance,
      bias.value,
      bias.variance,
      input.value,
      x2,
      output.value,
      ratio,
      epsilon,
      noise,
    );
  const backward: Step = (b) =>
    kernels.variationalBackward(
      outputs,
      inputs,
      b.rows,
      b.padded,
      w.value,
      w.variance,
      input.value,
      x2,
      xt,
      output.gradient,
      ratio,
      w.gradient,
      w.varianceGradient,
      bias.gradient,
      bias.varianceGradient,
      input.gradient,
    );
  return { output, forward, evaluate: mean.forward, backward };
}

/** In place: the input's memory becomes the output's. */
function planActivation({ kernels }: PlanContext, kind: 'tanh' | 'relu', input: Tensor): PlannedLayer {
  const { features, value, gradient } = input;
  const [apply, differentiate] =
    kind === 'tanh'
      ? [kernels.tanhForward, kernels.tanhBackward]
      : [kernels.reluForward, kernels.reluBackward];
  const forward: Step = (b) => apply(features * b.padded, value);
  const backward: Step = (b) => differentiate(features * b.padded, value, gradient);
  return { output: input, forward, evaluate: forward, backward };
}

function allocate({ arena, batch }: PlanContext, features: number, gradient: boolean): Tensor {
  return {
    features,
    value: arena.floats(features * batch),
    gradient: gradient ? arena.floats(features * batch) : 0,
  };
}
