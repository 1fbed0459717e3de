import type { ModelFile } from '../../../main/contract/model.ts';
import { loadModel } from '../../../main/model/neuron-model.ts';
import { independentPrior } from '../../../main/model/prior.ts';
import { createRandom } from '../../../main/numeric/random.ts';
import type { NeuronTask } from '../../../main/simulate/neuron-simulator.ts';
import { protocolFromFile, type Protocol } from '../../../main/simulate/protocol.ts';

/** A short version of the synthetic protocol: rest, step, rest. */
export function stepProtocol(dtMs = 0.025, durationMs = 40): Protocol {
  return protocolFromFile({
    dtMs,
    durationMs,
    initialMv: -70,
    stimulus: [{ startMs: 5, endMs: durationMs - 5, uAPerCm2: 3.24806 }],
  });
}

export async function neuronTask(change: Partial<NeuronTask> = {}, name = 'hh8'): Promise<NeuronTask> {
  const { file } = await loadModel(name);
  const free = file.parameters.map((p) => p.name);
  return {
    model: file,
    free,
    fixed: {},
    protocol: stepProtocol(),
    precision: 'f32',
    strict: true,
    ...change,
  };
}

/** n draws from a model's prior, [n, D]. */
export function priorDraws(model: ModelFile, n: number): Float64Array {
  const prior = independentPrior(model.parameters);
  const theta = new Float64Array(n * prior.dimension);
  const random = createRandom(5);
  for (let i = 0; i < n; i++) prior.sample(random, theta, i * prior.dimension);
  return theta;
}
