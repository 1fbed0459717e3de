import type { ParameterSpec, PriorSpec } from '../contract/prior.ts';
import type { Warning } from '../contract/recording.ts';
import { NeuronSimulator } from '../simulate/neuron-simulator.ts';
import type { SimulationTask } from '../simulate/simulator-pool.ts';

/** The median of a prior. */
function centre(prior: PriorSpec): number {
  if ('uniform' in prior) return (prior.uniform[0] + prior.uniform[1]) / 2;
  if ('logUniform' in prior) return Math.sqrt(prior.logUniform[0] * prior.logUniform[1]);
  if ('normal' in prior) return prior.normal[0];
  return Math.exp(prior.logNormal[0]);
}

/**
 * One simulation at the centre of the prior, before a run: a model that leaves the range of voltages there is most often one with
 * a mistake in it, and hours of simulations would all be set aside. null = it is sound.
 */
export function centreWarning(
  task: Extract<SimulationTask, { kind: 'neuron' }>,
  parameters: readonly ParameterSpec[],
): Warning | null {
  // The fewest vectors that the noise kernel works on: the other lanes would be the same simulation again.
  const simulator = new NeuronSimulator(task, task.precision === 'f32' ? 1 : 2);
  const theta = Float64Array.from(parameters, ({ prior }) => centre(prior));
  simulator.simulate({ theta, first: 0, count: 1, seed: 0, stream: 0, firstIndex: 0 });
  const peakMv = simulator.peakMv(0);
  if (peakMv <= task.maxVoltageMv) return null;
  const what = Number.isFinite(peakMv)
    ? `reaches ${peakMv.toPrecision(3)} mV`
    : 'gives voltages that are not finite numbers';
  const values = parameters.map(({ name }, i) => `${name} = ${Number(theta[i]!.toPrecision(4))}`);
  return {
    code: 'model-diverges',
    message: `At the centre of the prior (${values.join(', ')}) the model ${task.model.name} ${what}; such simulations are set aside.`,
    remedy: `Check the model's equations and the prior, take a smaller time step than ${task.protocol.dtMs} ms (simulation.dtMs), or raise simulation.maxVoltageMv.`,
  };
}
