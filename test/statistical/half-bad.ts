import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fitConfigSchema, type FitConfigInput } from '../../main/contract/config.ts';
import { runFit } from '../../main/inference/run-fit.ts';
import type { ResultRecord } from '../../main/inference/fit-store.ts';
import { createRandom } from '../../main/numeric/random.ts';
import { MemoryStore } from '../support/memory-store.ts';

/** A simulator that diverges in 42 % of its prior: θ ~ U[−2, 2]², x = θ + N(0, 0.3²), nothing where θ₁ + θ₂ > 0.3. */
const simulator = fileURLToPath(new URL('../support/simulators/half-bad.mjs', import.meta.url));
export type Observed = readonly [number, number];
/** The boundary lies 1.65 posterior sds away, and cuts off 5 % of the normal around the observation. */
export const besideBoundary: Observed = [-0.2, -0.2];
/** Half of it is cut off: the posterior is highest at a straight edge. */
export const onBoundary: Observed = [0.2, 0.1];

export async function fitHalfBad(observed: Observed, settings: FitConfigInput): Promise<ResultRecord> {
  const folder = mkdtempSync(join(tmpdir(), 'chronaxie-half-bad-'));
  const observation = join(folder, 'observation.csv');
  writeFileSync(observation, `x,y\n${observed.join(',')}\n`);
  const config = fitConfigSchema.parse({ source: { simulator, observation }, strict: true, ...settings });
  try {
    return await runFit({ id: 'half-bad', config, store: new MemoryStore(), version: 'test' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** n samples of the exact posterior: the normal around the observation, cut at the boundary. */
export function exactHalfBad(observed: Observed, n: number): Float64Array {
  const random = createRandom(0xba1f);
  const samples = new Float64Array(2 * n);
  for (let i = 0; i < n;) {
    const theta = observed.map((x) => x + 0.3 * random.normal());
    if (theta[0]! + theta[1]! > 0.3) continue;
    samples.set(theta, 2 * i);
    i += 1;
  }
  return samples;
}

/** Bad simulations of the rounds after the first, which alone a classifier can spare. */
export function wasted({ summary }: ResultRecord): number {
  return summary.rounds.slice(1).reduce((sum, round) => sum + round.bad, 0);
}
