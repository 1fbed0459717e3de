import { availableParallelism, cpus } from 'node:os';
import type { FitConfigInput } from '../../main/contract/config.ts';
import { c2st } from '../../main/diagnostics/c2st.ts';
import { fitTask } from './fit-task.ts';
import { bernoulliGlm } from './tasks/bernoulli-glm.ts';
import { paperGaussianMixture, sbibmGaussianMixture } from './tasks/gaussian-mixture.ts';
import type { StatisticalTask } from './tasks/task.ts';

/**
 * Prints the rows of the table in docs/validation.md: `node test/statistical/validate.ts [name of a task]`. C2ST with 10,000
 * against 10,000 samples, as published. The whole table takes the better part of an hour, nearly all of it for the C2ST of the GLM.
 */
const wanted = process.argv[2] ?? '';

const tasks: { task: StatisticalTask; components: number }[] = [
  { task: paperGaussianMixture(), components: 2 },
  { task: sbibmGaussianMixture(1), components: 2 },
  { task: sbibmGaussianMixture(2), components: 2 },
  { task: bernoulliGlm(1), components: 1 },
  { task: bernoulliGlm(2), components: 1 },
];

/** @param n simulations in all */
function settings(components: number, n: number): Record<string, FitConfigInput> {
  const rounds = 4;
  const sequential = { rounds, simulations: n / rounds, network: { components } };
  const plain = { ...sequential, calibration: { kernel: 'none' } } as const;
  return {
    NPE: { algorithm: 'npe', simulations: n, network: { components } },
    'SNPE, defaults': sequential,
    'SNPE, last round alone, no kernel': { ...plain, proposal: { reuseRounds: false } },
    'SNPE, all rounds, no kernel': { ...plain, proposal: { reuseRounds: true } },
    'SNPE, all rounds, no kernel, weights not variational': {
      ...plain,
      network: { components, variational: false },
      proposal: { reuseRounds: true },
    },
  };
}

console.log(`${cpus()[0]!.model}, ${availableParallelism()} cores, Node ${process.versions.node}`);
console.log('| task | simulations | algorithm | C2ST | fit s | last ESS |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const { task, components } of tasks) {
  if (!task.name.includes(wanted)) continue;
  for (const n of [1000, 10_000]) {
    for (const [name, chosen] of Object.entries(settings(components, n))) {
      const startMs = performance.now();
      const { samples, summary } = await fitTask(task, { ...chosen, strict: true });
      const seconds = (performance.now() - startMs) / 1000;
      const value = c2st(task.reference, samples, { dimension: task.parameters.length });
      const ess = summary.rounds.at(-1)!.ess.toFixed(0);
      console.log(`| ${task.name} | ${n} | ${name} | ${value.toFixed(3)} | ${seconds.toFixed(1)} | ${ess} |`);
    }
  }
}
