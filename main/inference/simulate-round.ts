import type { SimulationResult } from '../simulate/simulator-pool.ts';
import { setAsideIncomplete } from './incomplete.ts';
import type { Problem } from './problem.ts';
import type { RoundContext } from './round.ts';

/**
 * Simulates a round's parameters. The first rows of round 1 are the pilot run's, which need not be simulated again.
 * @param theta [n, D] in the parameters' own units
 */
export async function simulateRound(
  { problem, pool, pilot, progress, signal }: RoundContext,
  round: number,
  theta: Float64Array,
): Promise<SimulationResult> {
  const { config } = problem.prepared;
  const known = round === 1 ? pilot.bad.length : 0;
  const knownBad = round === 1 ? pilot.bad.reduce((sum, flag) => sum + Number(flag !== 0), 0) : 0;
  const n = config.simulations - known;
  const simulated = await pool.simulate(
    {
      theta: theta.subarray(known * problem.prior.dimension),
      n,
      seed: config.seed,
      stream: round,
      firstIndex: known,
    },
    {
      ...(signal ? { signal } : {}),
      onProgress: (done, bad) => progress.simulated(known + done, knownBad + bad),
    },
  );
  const fresh = judged(simulated, problem);
  if (known === 0) return fresh;
  const x = new Float64Array(config.simulations * problem.observed.length);
  x.set(pilot.x);
  x.set(fresh.x, pilot.x.length);
  const badReasons = [...new Set([...pilot.badReasons, ...fresh.badReasons])];
  const renumber = (reasons: readonly string[]) => (flag: number) =>
    flag === 0 ? 0 : 1 + badReasons.indexOf(reasons[flag - 1]!);
  const bad = Uint8Array.from([
    ...Array.from(pilot.bad, renumber(pilot.badReasons)),
    ...Array.from(fresh.bad, renumber(fresh.badReasons)),
  ]);
  return { ...fresh, x, bad, badReasons };
}

/** The simulator's result under the configuration's rule for missing features. */
export function judged(result: SimulationResult, { prepared, observed }: Problem): SimulationResult {
  return prepared.config.badSimulations.missingFeatures === 'bad'
    ? setAsideIncomplete(result, observed)
    : result;
}
