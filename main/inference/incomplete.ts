import type { SimulationResult } from '../simulate/simulator-pool.ts';

const reason = 'lacks features that the observation has';

/**
 * With badSimulations.missingFeatures = 'bad': simulations that lack a feature which the observation has are bad too. No such simulation
 * could have given the observation, so the posterior does not change; what they say about where features go missing is lost.
 * @param observed [F], NaN = missing
 * @returns the result with those simulations set aside, their features NaN throughout; the result itself where there are none
 */
export function setAsideIncomplete(result: SimulationResult, observed: Float64Array): SimulationResult {
  const width = observed.length;
  const incomplete = [...result.bad.keys()].filter(
    (row) =>
      result.bad[row] === 0 &&
      observed.some((value, f) => !Number.isNaN(value) && Number.isNaN(result.x[row * width + f]!)),
  );
  if (incomplete.length === 0) return result;
  const x = result.x.slice();
  const bad = result.bad.slice();
  for (const row of incomplete) {
    x.fill(NaN, row * width, (row + 1) * width);
    bad[row] = result.badReasons.length + 1;
  }
  return { ...result, x, bad, badReasons: [...result.badReasons, reason] };
}
