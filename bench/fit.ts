/**
 * The whole job: 8-parameter Hodgkin–Huxley, 7 moment features, 5 rounds × 5,000 simulations, 2 workers.
 * sbi 0.27.0 (NPE-C, mixture of 1 component, torch on 2 threads, a JAX simulator) needs 128 s for it on a machine of this
 * kind: simulation 20 s, training 107 s. How good the posteriors are against sbi's: docs/validation.md.
 */
import { fitConfigSchema } from '../main/contract/config.ts';
import { featureSet } from '../main/features/feature-set.ts';
import { runFit } from '../main/inference/run-fit.ts';
import { createRandom } from '../main/numeric/random.ts';
import { SimulatorPool } from '../main/simulate/simulator-pool.ts';
import { MemoryStore } from '../test/support/memory-store.ts';
import { hodgkinHuxleyProblem, thetaStar } from '../test/statistical/tasks/hodgkin-huxley.ts';

const peerSeconds = 128;
/** `node bench/fit.ts tsnpe`: that algorithm instead of snpe. */
const algorithm = process.argv[2] === 'tsnpe' ? 'tsnpe' : 'snpe';
const config = fitConfigSchema.parse({ workers: 2, algorithm });
const started = performance.now();
const phases = new Map<string, number>();
let phase = 'prepare';
let since = started;
function enter(next: string): void {
  const now = performance.now();
  phases.set(phase, (phases.get(phase) ?? 0) + (now - since) / 1000);
  phase = next;
  since = now;
}
const result = await runFit({
  id: 'bench',
  config,
  store: new MemoryStore(),
  version: 'bench',
  prepare: (settled) => hodgkinHuxleyProblem(settled),
  onProgress: (progress) => {
    if (progress.phase !== phase) enter(progress.phase);
  },
});
enter('done');
const total = (performance.now() - started) / 1000;

/**
 * What the features cost inside the simulations: the same traces' moments again, in this thread, shared out over the
 * workers as the simulations were.
 */
async function featureSeconds(): Promise<number> {
  const problem = await hodgkinHuxleyProblem(config);
  if (problem.task.kind !== 'neuron') throw new Error('The Hodgkin–Huxley problem is a neuron.');
  const pool = await SimulatorPool.create(problem.task, { workers: 2 });
  const theta = new Float64Array(200 * 8);
  const random = createRandom(1);
  for (let i = 0; i < 200; i++) problem.prior.sample(random, theta, 8 * i);
  const { voltageMv, steps, dtMs } = await pool.traces(
    { theta, n: 200, seed: 1, stream: 1, firstIndex: 0 },
    {},
  );
  await pool.close();
  const set = featureSet('moments');
  const out = new Float64Array(set.definitions.length);
  const { stepStartMs, stepEndMs, stepAmplitude } = problem.task.protocol;
  const began = performance.now();
  for (let repeat = 0; repeat < 5; repeat++) {
    for (let i = 0; i < 200; i++) {
      const trace = voltageMv.subarray(i * steps, (i + 1) * steps);
      set.compute({ voltageMv: trace, dtMs, stepStartMs, stepEndMs, stepAmplitude }, out, 0);
    }
  }
  const each = (performance.now() - began) / 1000 / 1000;
  return (each * config.rounds * config.simulations) / 2;
}
const features = await featureSeconds();

console.log('phase        seconds');
for (const [name, seconds] of phases) console.log(`${name.padEnd(12)} ${seconds.toFixed(2).padStart(7)}`);
console.log(`  of which features ${features.toFixed(2)} (in the simulate phase, both workers busy)`);
console.log(
  `${'total'.padEnd(12)} ${total.toFixed(2).padStart(7)}   ${(peerSeconds / total).toFixed(1)} × faster than sbi's 128 s`,
);
console.log('\nround  bad  ESS   accept  epochs  loss    held-out  simulate  train');
for (const r of result.summary.rounds) {
  console.log(
    [
      String(r.round).padEnd(5),
      String(r.bad).padStart(4),
      r.ess.toFixed(0).padStart(5),
      r.acceptance.toFixed(3).padStart(7),
      String(r.epochs).padStart(6),
      r.loss.toFixed(2).padStart(7),
      r.validationLoss.toFixed(2).padStart(9),
      r.seconds.simulate.toFixed(2).padStart(9),
      r.seconds.train.toFixed(2).padStart(7),
    ].join(' '),
  );
}
console.log('\nparameter  true     median    5 %       95 %');
const truth = await thetaStar('hh8');
result.summary.parameters.forEach((p, i) => {
  const cells = [truth[i]!, p.median, p.q05, p.q95].map((value) => value.toPrecision(4).padEnd(9));
  console.log(`${p.name.padEnd(10)} ${cells.join(' ')}`);
});
