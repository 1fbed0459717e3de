import { NeuronSimulator } from '../../main/simulate/neuron-simulator.ts';
import { judged, referenceDtMs, sets, spikeTimes, task, theta } from './problem.ts';
import type { Series } from './series.ts';

const repeats = 7;
/** Times over all sets in each of them: the kernel may count processor time in ticks of 4 ms. */
const passes = 10;

/**
 * Simulates the first `count` parameter sets; the spikes of the judged are listed where asked for.
 * @returns how many cells' voltage became NaN or infinite
 */
function simulateAll(simulator: NeuronSimulator, count: number, dtMs: number, spikes?: number[][]): number {
  const { lanes } = simulator;
  let notFinite = 0;
  for (let first = 0; first < count; first += lanes) {
    const n = Math.min(lanes, count - first);
    simulator.simulate({ theta, first, count: n, seed: 1, stream: 0, firstIndex: 0 });
    for (let i = 0; spikes && i < n && first + i < judged; i++)
      spikes.push(spikeTimes(simulator.trace(i), dtMs));
    for (let i = 0; i < n; i++) if (!Number.isFinite(simulator.peakMv(i))) notFinite++;
  }
  return notFinite;
}

/** Spike times of the judged parameter sets, double precision, a very small step. */
export function referenceSpikes(): number[][] {
  const simulator = new NeuronSimulator(task(referenceDtMs, 'f64', true));
  const spikes: number[][] = [];
  simulateAll(simulator, judged, referenceDtMs, spikes);
  return spikes;
}

/** This thread's processor time over all sets, traces kept as in a run; the engine's compiler works in other threads. */
export function ourSeries(precision: 'f32' | 'f64', strict: boolean, steps: readonly number[]): Series {
  const points = steps.map((dtMs) => {
    const simulator = new NeuronSimulator(task(dtMs, precision, strict));
    const spikes: number[][] = [];
    const notFinite = simulateAll(simulator, sets, dtMs, spikes);
    const seconds = Array.from({ length: repeats }, () => {
      const before = process.threadCpuUsage();
      for (let pass = 0; pass < passes; pass++) simulateAll(simulator, sets, dtMs);
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / 1e6 / passes;
    });
    return { dtMs, seconds, sets, notFinite, spikes };
  });
  const variant = `${precision === 'f32' ? 'float32' : 'float64'}${strict ? ', strict' : ''}`;
  return { simulator: 'Chronaxie', variant, points };
}
