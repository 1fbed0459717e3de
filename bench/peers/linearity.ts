import { NeuronSimulator } from '../../main/simulate/neuron-simulator.ts';
import { median } from '../../main/numeric/statistics.ts';
import { sets, task, theta } from './problem.ts';

/** How the cost grows with ten times the steps (dt 0.05 → 0.005 ms) and with ten times the simulations. */
export function linearity(): { stepLinear: number; setLinear: number } {
  const [coarse, fine] = [new NeuronSimulator(task(0.05, 'f32')), new NeuronSimulator(task(0.005, 'f32'))];
  const few = Math.floor(sets / 10 / fine.lanes) * fine.lanes;
  return {
    stepLinear: cost(fine, 10 * few) / cost(coarse, 10 * few),
    setLinear: cost(fine, 10 * few) / cost(fine, few),
  };
}

function cost(simulator: NeuronSimulator, count: number): number {
  const seconds = Array.from({ length: 8 }, () => {
    const before = process.threadCpuUsage();
    for (let first = 0; first < count; first += simulator.lanes)
      simulator.simulate({ theta, first, count: simulator.lanes, seed: 1, stream: 0, firstIndex: 0 });
    const { user, system } = process.threadCpuUsage(before);
    return user + system;
  });
  return median(seconds.slice(1));
}
