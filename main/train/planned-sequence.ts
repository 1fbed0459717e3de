import { convolvedSteps, type ConvolutionShape, type GruShape } from './embedding.ts';
import { padded, type PlacedBlock } from './memory.ts';
import type { BlockAddress, PlanContext, PlannedLayer, Step, Tensor } from './planned-layers.ts';

/** The layers over time as calls of native/recurrent.h. Room for all states and gates: 20·steps·units·batch bytes. */
export function planGru(
  context: PlanContext,
  { units, channels, steps }: GruShape,
  blocks: readonly PlacedBlock[],
  input: Tensor,
): PlannedLayer {
  const { kernels, arena, batch } = context;
  const [w, u, bias] = blocks.map((block) => context.address(block)) as [
    BlockAddress,
    BlockAddress,
    BlockAddress,
  ];
  const size = units * batch;
  const output: Tensor = { features: units, value: arena.floats(size), gradient: arena.floats(size) };
  const states = arena.floats((steps + 1) * size);
  const gates = arena.floats(steps * 4 * size);
  const gateGradient = arena.floats(4 * size);
  const [ht, xt] = [
    arena.floats(batch * padded(units, kernels.lanes)),
    arena.floats(batch * padded(channels, kernels.lanes)),
  ];
  const forward: Step = (b) =>
    kernels.gruForward(
      units,
      channels,
      steps,
      b.padded,
      w.value,
      u.value,
      bias.value,
      input.value,
      states,
      gates,
      output.value,
    );
  const backward: Step = (b) =>
    kernels.gruBackward(
      units,
      channels,
      steps,
      b.rows,
      b.padded,
      w.value,
      u.value,
      input.value,
      states,
      gates,
      output.gradient,
      gateGradient,
      ht,
      xt,
      w.gradient,
      u.gradient,
      bias.gradient,
      input.gradient,
    );
  return { output, forward, evaluate: forward, backward };
}

export function planConvolution(
  context: PlanContext,
  shape: ConvolutionShape,
  blocks: readonly PlacedBlock[],
  input: Tensor,
): PlannedLayer {
  const { kernels, arena, batch } = context;
  const [w, bias] = blocks.map((block) => context.address(block)) as [BlockAddress, BlockAddress];
  const { channels, steps, filters, kernel, stride } = shape;
  const features = filters * convolvedSteps(shape);
  const taps = channels * kernel;
  const output: Tensor = {
    features,
    value: arena.floats(features * batch),
    gradient: arena.floats(features * batch),
  };
  const [window, windowT] = [arena.floats(taps * batch), arena.floats(batch * padded(taps, kernels.lanes))];
  const forward: Step = (b) =>
    kernels.convolutionForward(
      channels,
      steps,
      filters,
      kernel,
      stride,
      b.padded,
      w.value,
      bias.value,
      input.value,
      output.value,
    );
  const backward: Step = (b) =>
    kernels.convolutionBackward(
      channels,
      steps,
      filters,
      kernel,
      stride,
      b.rows,
      b.padded,
      w.value,
      input.value,
      window,
      windowT,
      output.gradient,
      w.gradient,
      bias.gradient,
      input.gradient,
    );
  return { output, forward, evaluate: forward, backward };
}

/** The input, then rows that are the same in the whole batch; backward, the gradient of the input's rows. */
export function planAppend(context: PlanContext, values: readonly number[], input: Tensor): PlannedLayer {
  const { kernels, arena, batch } = context;
  const constants = context.constant(values);
  const features = input.features + values.length;
  const output: Tensor = {
    features,
    value: arena.floats(features * batch),
    gradient: input.gradient ? arena.floats(features * batch) : 0,
  };
  const forward: Step = (b) =>
    kernels.appendConstants(input.features, values.length, b.padded, input.value, constants, output.value);
  const backward: Step = (b) =>
    kernels.appendConstants(input.features, 0, b.padded, output.gradient, 0, input.gradient);
  return { output, forward, evaluate: forward, backward: input.gradient ? backward : null };
}
