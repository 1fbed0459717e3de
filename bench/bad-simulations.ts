/**
 * A simulator that diverges in 42 % of its prior, fitted with and without the classifier of bad simulations: simulations wasted in
 * rounds 2 to 5, and whether the posterior is the same (C2ST of the two, and of each against the exact one). What two fits differ
 * by anyway is told by two seeds without it.
 * Run: node bench/bad-simulations.ts [tsnpe|snpe]; about five minutes an algorithm on two idle cores.
 */
import type { Algorithm } from '../main/contract/config.ts';
import { c2st } from '../main/diagnostics/c2st.ts';
import {
  besideBoundary,
  exactHalfBad,
  fitHalfBad,
  onBoundary,
  wasted,
} from '../test/statistical/half-bad.ts';

const samples = 5000;
const accuracy = (a: Float64Array, b: Float64Array) => c2st(a, b, { dimension: 2 }).toFixed(3);

const titles =
  'algorithm | observed | classifier | bad of 4,000 in round 1 | bad of 16,000 in rounds 2–5 | effective simulations of round 5 | C2ST against exact | C2ST of the two | C2ST of two seeds without';
console.log(`| ${titles} |\n|${' --- |'.repeat(titles.split('|').length)}`);
const observations = [
  ['beside the boundary', besideBoundary],
  ['on the boundary', onBoundary],
] as const;
const algorithms: Algorithm[] = ['tsnpe', 'snpe'];
for (const algorithm of algorithms.filter((name) => name === (process.argv[2] ?? name))) {
  for (const [place, observed] of observations) {
    const settings = { algorithm, rounds: 5, simulations: 4000, samples, network: { ensemble: 3 } };
    const off = { ...settings, badSimulations: { classifier: false } };
    const withIt = await fitHalfBad(observed, settings);
    const without = await fitHalfBad(observed, off);
    const again = await fitHalfBad(observed, { ...off, seed: 2 });
    const exact = exactHalfBad(observed, samples);
    for (const result of [without, withIt]) {
      const { rounds } = result.summary;
      const cells = [
        algorithm,
        place,
        result === withIt ? 'yes' : 'no',
        rounds[0]!.bad,
        wasted(result),
        Math.round(rounds.at(-1)!.ess),
        accuracy(exact, result.samples),
        result === withIt ? accuracy(without.samples, withIt.samples) : '',
        result === without ? accuracy(without.samples, again.samples) : '',
      ];
      console.log(`| ${cells.join(' | ')} |`);
    }
  }
}
