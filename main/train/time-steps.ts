import type { NetworkTask } from './train-network.ts';
import type { Trainee } from './trainee.ts';

/** Steps that are not counted: the first ones compile what runs on the device. */
const warmUp = 2;
const stepsAtMost = 20;
/** At least two steps are timed, then as many as this leaves time for. */
const enoughMs = 500;

/** Median time of a whole step of training, minibatch to average, in ms. The trainee's weights move. */
export async function timeSteps(
  trainee: Trainee,
  klConstant: number,
  { data, options }: NetworkTask,
): Promise<number> {
  const training = data.order.length - data.heldOut;
  const rows = Math.min(options.batchSize, training);
  const times: number[] = [];
  const begun = performance.now();
  for (let step = 1; step <= warmUp + stepsAtMost; step++) {
    const started = performance.now();
    await trainee.differentiate((step * rows) % Math.max(1, training - rows), rows, 1 / training, klConstant);
    const norm = Math.sqrt(await trainee.gradientNorm2());
    trainee.adam(
      step,
      options.learningRate,
      norm > options.gradientClip ? options.gradientClip / norm : 1,
      0,
    );
    trainee.average(1 / step);
    if (step > warmUp) times.push(performance.now() - started);
    if (times.length >= 2 && performance.now() - begun > enoughMs) break;
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}
