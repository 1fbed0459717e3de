import { c2st } from '../../main/diagnostics/c2st.ts';
import { createRandom } from '../../main/numeric/random.ts';
import { logisticPosterior } from '../support/logistic-posterior.ts';
import { bernoulliGlm, bernoulliGlmModel } from './tasks/bernoulli-glm.ts';

/** Our own Gibbs sampler against the benchmark's reference samples: what C2ST two exact samples have. Takes minutes. */
export function printReferenceCheck(rows: number): void {
  for (const observation of [1, 2] as const) {
    const { observed, reference, name } = bernoulliGlm(observation);
    const random = createRandom(15, observation);
    const ours = logisticPosterior(bernoulliGlmModel(), observed, { n: rows, thin: 5 }, random);
    const value = c2st(reference.subarray(0, 10 * rows), ours, { dimension: 10 });
    console.log(`${name}: Pólya-Gamma Gibbs sampling against the reference, C2ST ${value.toFixed(3)}`);
  }
}
