/**
 * The whole job: 8-parameter Hodgkin–Huxley, 7 moment features, 5 rounds × 5,000 simulations, 2 workers.
 * sbi 0.27.0 (NPE-C, mixture of 1 component, torch on 2 threads, a JAX simulator) needs 128 s for it on a machine of this
 * kind: simulation 20 s, training 107 s.
 */
import { fitConfigSchema } from '../main/contract/config.ts';
import { runFit } from '../main/inference/run-fit.ts';
import { MemoryStore } from '../test/support/memory-store.ts';
import { hodgkinHuxleyProblem, thetaStar } from '../test/statistical/tasks/hodgkin-huxley.ts';

const peerSeconds = 128;
const config = fitConfigSchema.parse({ workers: 2 });
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

console.log('phase        seconds');
for (const [name, seconds] of phases) console.log(`${name.padEnd(12)} ${seconds.toFixed(2).padStart(7)}`);
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
result.summary.parameters.forEach((p, i) => {
  const cells = [thetaStar[i]!, p.median, p.q05, p.q95].map((value) => value.toPrecision(4).padEnd(9));
  console.log(`${p.name.padEnd(10)} ${cells.join(' ')}`);
});
