import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fitConfigSchema } from '../../main/contract/config.ts';
import { runFit } from '../../main/inference/run-fit.ts';
import { MemoryStore } from '../../test/support/memory-store.ts';
import { hodgkinHuxleyProblem, syntheticStep } from '../../test/statistical/tasks/hodgkin-huxley.ts';

/** hh8 with its noise, eight parameters, seven moments, 5 rounds × 5,000 simulations, one mixture component behind 50 and 50 units: sbi's usual network. */
const config = fitConfigSchema.parse({
  rounds: 5,
  simulations: 5000,
  workers: 1,
  network: { family: 'mixture', components: 1, hidden: [50, 50], ensemble: 1 },
});
const dtMs = 0.025;

export interface WholeRun {
  /** Of all threads, and of the programs that were called; the parts that are known. */
  seconds: number;
  simulateSeconds: number;
  trainSeconds: number;
}

/** Processor time of the whole run: simulations, training, draws from the proposals and from the posterior. */
async function wholeRun(): Promise<WholeRun> {
  const before = process.cpuUsage();
  const { summary } = await runFit({
    id: 'bench',
    config,
    store: new MemoryStore(),
    version: 'bench',
    prepare: (settled) => hodgkinHuxleyProblem(settled, 1, dtMs),
  });
  const { user, system } = process.cpuUsage(before);
  const sum = (of: 'simulate' | 'train') =>
    summary.rounds.reduce((total, { seconds }) => total + seconds[of], 0);
  return {
    seconds: (user + system) / 1e6,
    simulateSeconds: sum('simulate'),
    trainSeconds: sum('train'),
  };
}

/** For sbi's script: the same problem, and the command that simulates for it, which is ours. */
export async function wholeRunFile(): Promise<string> {
  const { prepared } = await hodgkinHuxleyProblem(config, 1, dtMs);
  return JSON.stringify({
    rounds: config.rounds,
    simulations: config.simulations,
    names: prepared.parameters.map(({ name }) => name),
    low: prepared.parameters.map(({ prior }) => ('uniform' in prior ? prior.uniform[0] : NaN)),
    high: prepared.parameters.map(({ prior }) => ('uniform' in prior ? prior.uniform[1] : NaN)),
    features: prepared.features.map(({ name }) => name),
    observed: prepared.features.map(({ observed }) => observed),
    protocol: { dtMs, ...syntheticStep },
    command: [process.execPath, fileURLToPath(new URL('../../bin/chronaxie.mjs', import.meta.url))],
  });
}

/** In a process of its own, with the kernels that are said: the choice is made when the process starts. */
export function wholeRunWith(kernels: 'wasm' | 'native'): WholeRun {
  const call = [fileURLToPath(import.meta.url)];
  const env = { ...process.env, CHRONAXIE_KERNELS: kernels === 'wasm' ? 'wasm' : '' };
  return JSON.parse(execFileSync(process.execPath, call, { encoding: 'utf8', env })) as WholeRun;
}

if (import.meta.main) console.log(JSON.stringify(await wholeRun()));
