import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../../main/model/neuron-model.ts';
import { NeuronSimulator } from '../../../main/simulate/neuron-simulator.ts';
import { protocolFromFile } from '../../../main/simulate/protocol.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
/** Made by make-traces.py beside it: NEURON, through jNeuroML's export of the same files. */
const traces = JSON.parse(readFileSync(here('traces.json'), 'utf8')) as Record<
  string,
  { spikeTimesMs: number[]; voltageMv: number[] }
>;
/** nA over the membrane of the files' segments, µA/cm²: a sphere of 17.841242 µm, a cylinder of 20 by 30 µm. */
const current: Record<string, number> = {
  squid: 0.1e-3 / (Math.PI * 17.841242e-4 ** 2),
  forms: 0.12e-3 / (Math.PI * 20e-4 * 30e-4),
};
const initialMv: Record<string, number> = { squid: -65, forms: -70 };

describe.each(Object.keys(traces))('the imported cell «%s»', (name) => {
  it('has the spikes that NEURON gives the same file within 0.02 ms, and its voltages', async () => {
    const { file: model } = await loadModel(here(`${name}.cell.nml`));
    const dtMs = 0.005;
    const protocol = protocolFromFile({
      dtMs,
      durationMs: 200,
      initialMv: initialMv[name]!,
      stimulus: [{ startMs: 20, endMs: 180, uAPerCm2: current[name]! }],
    });
    const free = model.parameters.map((p) => p.name);
    const simulator = new NeuronSimulator({
      model,
      free,
      fixed: {},
      protocol,
      precision: 'f64',
      strict: true,
    });
    const theta = Float64Array.from(model.parameters, (p) => p.reference!);
    simulator.simulate({ theta, first: 0, count: 1, seed: 1, stream: 0, firstIndex: 0 });
    const v = simulator.trace(0);
    const spikes: number[] = [];
    for (let i = 1; i < v.length; i++)
      if (v[i - 1]! < 0 && v[i]! >= 0) spikes.push((i - 1 - v[i - 1]! / (v[i]! - v[i - 1]!)) * dtMs);
    const { spikeTimesMs, voltageMv } = traces[name]!;
    expect(spikes).toHaveLength(spikeTimesMs.length);
    spikes.forEach((t, i) => expect(Math.abs(t - spikeTimesMs[i]!)).toBeLessThan(0.02));
    // NEURON's samples are as far off as its nearest internal step.
    [10, 19, 21].forEach((ms, i) =>
      expect(Math.abs(v[Math.round(ms / dtMs)]! - voltageMv[i]!)).toBeLessThan(0.05),
    );
  });
});
