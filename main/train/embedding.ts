import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import type { LayerDescription } from './network.ts';

/** A recurrent layer over [channels, steps]; its output is its last state, [units]. */
export interface GruShape {
  units: number;
  channels: number;
  steps: number;
}

/** A convolution over the steps of [channels, steps]: [filters, convolvedSteps]. */
export interface ConvolutionShape {
  channels: number;
  steps: number;
  filters: number;
  /** Steps that a filter sees */
  kernel: number;
  /** Steps from one window to the next */
  stride: number;
}

/** Steps of a convolution's output: the windows that fit whole. */
export function convolvedSteps({ steps, kernel, stride }: ConvolutionShape): number {
  return Math.floor((steps - kernel) / stride) + 1;
}

const size = z.number().int().positive();

/**
 * What reads a raw trace: x is one voltage sample a step, all standardised alike. Trained jointly with the rest. Its weights are
 * points also where those of the hidden layers are variational: local reparameterisation draws its noise anew at every
 * pre-activation, and so would give a weight that is used at every step another value at each of them.
 */
export const embeddingSchema = z.object({
  /** conv-gru: filters and tanh before the recurrent layer, which then takes fewer steps. */
  kind: z.enum(['gru', 'conv-gru']),
  units: size,
  /** The injected current at every step, standardised: a second channel, the same in every simulation. [] = none */
  current: z.array(z.number()),
  /** Of conv-gru; not read otherwise. */
  filters: size,
  kernel: size,
  stride: size,
});
export type EmbeddingSpec = z.infer<typeof embeddingSchema>;

/** The layers of an embedding of `steps` voltage samples. @throws AppError input-invalid where the sizes do not fit */
export function embeddingLayers(spec: EmbeddingSpec, steps: number): LayerDescription[] {
  const { kind, units, current, filters, kernel, stride } = spec;
  const sizes = [units, filters, kernel, stride];
  if (!sizes.every((n) => Number.isInteger(n) && n > 0))
    throw refused(`The sizes of an embedding are positive integers, not ${sizes.join(', ')}.`);
  if (current.length !== 0 && current.length !== steps)
    throw refused(
      `A trace of ${steps} steps cannot be read together with ${current.length} samples of current.`,
    );
  const channels = current.length === 0 ? 1 : 2;
  const joined: LayerDescription[] = channels === 1 ? [] : [{ kind: 'append', values: current }];
  if (kind === 'gru') return [...joined, { kind: 'gru', units, channels, steps }];
  if (kernel > steps) throw refused(`A kernel of ${kernel} steps does not fit a trace of ${steps}.`);
  const convolution: ConvolutionShape = { channels, steps, filters, kernel, stride };
  const convolved = convolvedSteps(convolution);
  return [
    ...joined,
    { kind: 'conv', ...convolution },
    { kind: 'tanh' },
    { kind: 'gru', units, channels: filters, steps: convolved },
  ];
}

function refused(message: string): AppError {
  return new AppError('input-invalid', message, {
    remedy: 'Correct network.embedding, or choose another features.traceStepMs.',
  });
}
