/** One pool of one worker over N simulations with moments, in a process of its own so that its memory is known: node many-simulations.ts N */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SimulatorPool } from '../../main/simulate/simulator-pool.ts';
import { sets, task, theta } from './problem.ts';

export interface ManySimulations {
  simulations: number;
  /** Processor time a simulation, all threads, microseconds */
  microseconds: number;
  /** Highest resident memory of the process, megabytes */
  peakMb: number;
}

/** Cost and memory at each number of simulations. */
export const manySimulations = (numbers: readonly number[]): ManySimulations[] =>
  numbers.map((n) => {
    const call = [fileURLToPath(import.meta.url), String(n)];
    return JSON.parse(execFileSync(process.execPath, call, { encoding: 'utf8' })) as ManySimulations;
  });

async function measure(n: number): Promise<ManySimulations> {
  const dimension = theta.length / sets;
  const many = new Float64Array(n * dimension);
  for (let i = 0; i < many.length; i++) many[i] = theta[i % theta.length]!;
  const features = { set: 'moments' as const, exclude: [], bins: null };
  const rules = { kind: 'neuron' as const, maxVoltageMv: 200, maxSpikes: null };
  const pool = await SimulatorPool.create({ ...task(0.05, 'f32'), ...rules, features }, { workers: 1 });
  const batch = { seed: 1, stream: 0, firstIndex: 0 };
  await pool.simulate({ ...batch, theta, n: sets });
  const before = process.cpuUsage();
  await pool.simulate({ ...batch, theta: many, n });
  const { user, system } = process.cpuUsage(before);
  await pool.close();
  return {
    simulations: n,
    microseconds: (user + system) / n,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
}

if (import.meta.main) console.log(JSON.stringify(await measure(Number(process.argv[2]))));
