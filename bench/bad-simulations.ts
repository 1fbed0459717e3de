/**
 * A simulator that diverges in half of its prior, fitted with and without the classifier of bad simulations: simulations
 * wasted in rounds 2 to 5, and whether the posterior is the same (C2ST of the two, and of each against the exact one).
 * Run: node bench/bad-simulations.ts [seeds]; about a minute a seed on two cores.
 */
import { c2st } from '../main/diagnostics/c2st.ts';
import { exactHalfBad, fitHalfBad, wasted } from '../test/statistical/half-bad.ts';

const seeds = Number(process.argv[2] ?? 2);
const samples = 5000;
const exact = exactHalfBad(samples);
const accuracy = (a: Float64Array, b: Float64Array) => c2st(a, b, { dimension: 2 }).toFixed(3);

const titles =
  'algorithm, seed | classifier | bad in round 1 | in rounds 2–5 | effective simulations of round 5 | C2ST against exact | between the two';
console.log(`| ${titles} |\n|${' --- |'.repeat(titles.split('|').length)}`);
for (const algorithm of ['tsnpe', 'snpe'] as const) {
  const withoutIt: Float64Array[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const settings = { algorithm, seed, rounds: 5, simulations: 2000, samples };
    const withIt = await fitHalfBad(settings);
    const without = await fitHalfBad({ ...settings, badSimulations: { classifier: false } });
    withoutIt.push(without.samples);
    for (const result of [without, withIt]) {
      const { rounds } = result.summary;
      const cells = [
        `${algorithm}, ${seed}`,
        result === withIt ? 'yes' : 'no',
        rounds[0]!.bad,
        `${wasted(result)} of 8000`,
        Math.round(rounds.at(-1)!.ess),
        accuracy(exact, result.samples),
        result === withIt ? accuracy(without.samples, withIt.samples) : '',
      ];
      console.log(`| ${cells.join(' | ')} |`);
    }
  }
  const [first, second] = withoutIt;
  if (second) console.log(`\n${algorithm}, seeds 1 and 2 without it: C2ST ${accuracy(first!, second)}\n`);
}
