/**
 * Is the amortised posterior of the 8-parameter Hodgkin–Huxley model calibrated? NPE on the synthetic step protocol, then a
 * calibration study with parameter sets from the prior, for several networks (docs/calibration.md): a mixture, one of the family
 * with the best held-out score, and two of them stacked.
 *
 *   node bench/calibration.ts [--simulations 50000] [--epochs 200] [--truths 300] [--networks mixture*1,bounded*1,bounded*2] [--keep FILE.json] [--svg FILE.svg]
 *   node bench/calibration.ts --from FILE.json --svg FILE.svg      draws kept results again
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Calibration } from '../main/contract/calibration.ts';
import { fitConfigSchema } from '../main/contract/config.ts';
import { shareAt } from '../main/diagnostics/calibration-summary.ts';
import { calibrateRun } from '../main/inference/calibration-check.ts';
import { MemoryStore } from '../main/inference/memory-store.ts';
import { runFit } from '../main/inference/run-fit.ts';
import { hodgkinHuxleyProblem } from '../test/statistical/tasks/hodgkin-huxley.ts';
import { calibrationFigure } from './calibration-figure.ts';

export type Study = Omit<Calibration, 'at'> & { label: string };

const { values } = parseArgs({
  options: {
    simulations: { type: 'string', default: '50000' },
    epochs: { type: 'string', default: '200' },
    truths: { type: 'string', default: '300' },
    networks: { type: 'string', default: 'mixture*1,bounded*1,bounded*2' },
    keep: { type: 'string' },
    from: { type: 'string' },
    svg: { type: 'string' },
  },
});

/** @param networks a density family, and after * how many networks are averaged */
async function study(networks: string): Promise<Study> {
  const simulations = Number(values.simulations);
  const [family, ensemble = '1'] = networks.split('*');
  const config = fitConfigSchema.parse({
    algorithm: 'npe',
    simulations,
    network: { family, ensemble: Number(ensemble) },
    training: { maxEpochs: Number(values.epochs) },
    workers: 2,
  });
  const store = new MemoryStore();
  const prepare = () => hodgkinHuxleyProblem(config);
  const { summary } = await runFit({ id: networks, config, store, version: 'bench', prepare });
  const { seconds, families, epochs, validationLoss } = summary.rounds[0]!;
  const tried = families.map(
    (f) => `${f.family} ${f.heldOutLogScore.toFixed(3)} (${f.epochs} epochs, ${f.seconds.toFixed(0)} s)`,
  );
  console.log(
    `\n${networks}: simulated in ${seconds.simulate.toFixed(0)} s, trained in ${seconds.train.toFixed(0)} s, ${epochs} epochs, held-out loss ${validationLoss.toFixed(3)}`,
  );
  if (tried.length > 0) console.log(`  held-out log scores: ${tried.join(', ')}`);
  const found = await calibrateRun(store, networks, { simulations: Number(values.truths), prepare });
  const chosen = families[0]!.family;
  return { ...found, label: Number(ensemble) > 1 ? `${ensemble} networks, ${chosen}` : chosen };
}

function print(found: Study): void {
  const { coverage, bands, levels, parameters, reference, local } = found;
  console.log(
    `${found.label}: ${found.compared} compared, ${found.lost} lost, ${found.seconds.toFixed(0)} s`,
  );
  for (const level of [0.5, 0.8, 0.9, 0.95]) {
    const i = levels.indexOf(level);
    const { low, high } = bands.pointwise;
    console.log(
      `  ${100 * level} %: ${(100 * shareAt(coverage.curve, level)).toFixed(1)} % (${(100 * low[i]!).toFixed(1)} … ${(100 * high[i]!).toFixed(1)})`,
    );
  }
  console.log(`  whole curve: ${coverage.shape}; TARP: ${reference.uniform ? 'uniform' : 'not uniform'}`);
  console.log(`  parameters: ${parameters.map(({ name, shape }) => `${name} ${shape}`).join(', ')}`);
  if (local !== null) console.log(`  L-C2ST at θ*’s observation: p = ${local.pValue.toFixed(2)}`);
  console.log(`  ${found.verdict}\n    ${found.reasons.join('\n    ')}`);
}

const studies: Study[] = [];
if (values.from) studies.push(...(JSON.parse(readFileSync(values.from, 'utf8')) as Study[]));
else for (const networks of values.networks.split(',')) studies.push(await study(networks));
for (const found of studies) print(found);
if (values.keep) writeFileSync(values.keep, JSON.stringify(studies));
if (values.svg) writeFileSync(values.svg, calibrationFigure(studies));
process.exit(0);
