import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import type { Algorithm, FitConfigInput } from '../../main/contract/config.ts';
import type { Summary } from '../../main/contract/run.ts';
import { printReferenceCheck } from './check-references.ts';
import { compare, type Comparison } from './compare.ts';
import { fitTask } from './fit-task.ts';
import { readOptions, type QualityOptions } from './quality-options.ts';
import { allTasks, type TaskEntry } from './tasks/all-tasks.ts';
import type { StatisticalTask } from './tasks/task.ts';

/**
 * `npm run benchmark:quality -- [options]`: fits tasks with a known posterior from end to end, as `chronaxie infer` does,
 * and prints a row each, with published values beside where there are some. docs/validation.md says what is compared.
 *
 * A budget counts every simulation of all rounds; the pilot run is part of the first. Simulations at posterior draws, which come
 * after the estimate and do not change it, are not counted.
 */

interface Row {
  task: string;
  observation: number;
  dimension: number;
  algorithm: Algorithm;
  budget: number;
  seed: number;
  simulations: number;
  seconds: number;
  families: string[];
  published: readonly [number, number] | null;
  comparison: Comparison | null;
  acceptance: number;
  notes: string[];
  /** Why the fit's own verdict is not “trust”. */
  reasons: string[];
}

/** A budget in equal rounds; the pilot run is part of the first. */
function shareOut(algorithm: Algorithm, budget: number, options: QualityOptions) {
  const pilotSimulations = options.pilot ?? Math.min(500, Math.floor(budget / 10));
  const rounds = algorithm === 'npe' ? 1 : (options.rounds ?? 5);
  return { pilotSimulations, rounds, simulations: Math.floor(budget / rounds) };
}

async function fitRow(
  entry: TaskEntry,
  task: StatisticalTask,
  { algorithm, budget, seed }: { algorithm: Algorithm; budget: number; seed: number },
  options: QualityOptions,
): Promise<Row> {
  const shares = shareOut(algorithm, budget, options);
  const settings: FitConfigInput = { algorithm, seed, ...shares, ...options.set };
  const row: Row = {
    task: entry.id,
    observation: entry.observation,
    dimension: task.parameters.length,
    algorithm,
    budget,
    seed,
    simulations: shares.rounds * shares.simulations,
    seconds: 0,
    families: [],
    published: entry.published?.[budget] ?? null,
    comparison: null,
    acceptance: NaN,
    notes: [],
    reasons: [],
  };
  const startMs = performance.now();
  try {
    const limit = AbortSignal.timeout(options.timeLimit * 1000);
    const { summary, samples } = await fitTask(task, settings, limit);
    row.seconds = (performance.now() - startMs) / 1000;
    row.families = summary.rounds.map(({ families }) => families[0]?.family ?? 'mixture');
    row.acceptance = summary.diagnostics.acceptance;
    row.notes = notes(summary);
    row.reasons = [...summary.diagnostics.reasons, ...summary.warnings.map(({ message }) => message)];
    row.comparison = compare(task, samples, options.c2stSamples);
  } catch (thrown) {
    row.seconds = (performance.now() - startMs) / 1000;
    row.notes = [`FAILED: ${thrown instanceof Error ? thrown.message : String(thrown)}`];
  }
  return row;
}

function notes({ warnings, diagnostics, rounds }: Summary): string[] {
  const bad = rounds.reduce((sum, round) => sum + round.bad, 0);
  const all = rounds.reduce((sum, round) => sum + round.simulations, 0);
  return [
    `ESS ${rounds.map((round) => Math.round(round.ess)).join(' ')}`,
    ...(bad > 0 ? [`${((100 * bad) / all).toFixed(1)} % bad`] : []),
    ...warnings.map((warning) => warning.code),
    ...(diagnostics.verdict === 'trust' ? [] : [diagnostics.verdict]),
  ];
}

/** The family of every round in short: “bounded ×3 mixture ×2”. */
function inShort(families: readonly string[]): string {
  return [...new Set(families)]
    .map((family) => {
      const count = families.filter((other) => other === family).length;
      return count === families.length ? family : `${family} ×${count}`;
    })
    .join(' ');
}

const thousands = (value: number) => value.toLocaleString('en');

function markdown(row: Row): string {
  const { comparison } = row;
  const modes = comparison?.modes.map(({ fitted }) => (100 * fitted).toFixed(0)).join('/');
  const cells = [
    `${row.task}, no. ${row.observation}`,
    row.dimension,
    row.algorithm,
    thousands(row.simulations),
    row.seconds.toFixed(1),
    inShort(row.families),
    comparison?.c2st.toFixed(3) ?? '',
    row.published?.map((value) => value.toFixed(3)).join(' / ') ?? '',
    Number.isNaN(row.acceptance) ? '' : row.acceptance.toFixed(2),
    comparison ? `${comparison.bias.value.toFixed(2)} ${comparison.bias.parameter}` : '',
    comparison ? `${comparison.width.value.toFixed(2)} ${comparison.width.parameter}` : '',
    [...(modes ? [`modes ${modes} %`] : []), ...row.notes].join('; '),
  ];
  return `| ${cells.join(' | ')} |`;
}

const head = [
  'task',
  'D',
  'algorithm',
  'simulations',
  'seconds',
  'family',
  'C2ST',
  'published NPE / SNPE-C',
  'acceptance',
  'largest bias, sd',
  'sd / exact',
  'notes',
];

async function printTable(options: QualityOptions): Promise<void> {
  const started = performance.now();
  console.log(`${cpus()[0]!.model}, ${availableParallelism()} cores, Node ${process.versions.node}\n`);
  console.log(`| ${head.join(' | ')} |\n|${' --- |'.repeat(head.length)}`);
  const rows: Row[] = [];
  for (const entry of allTasks) {
    if (options.tasks && !options.tasks.includes(entry.id)) continue;
    if (!options.observations.includes(entry.observation)) continue;
    const task = await entry.create();
    for (const budget of options.budgets) {
      for (const algorithm of options.algorithms) {
        for (const seed of options.seeds) {
          const row = await fitRow(entry, task, { algorithm, budget, seed }, options);
          rows.push(row);
          console.log(markdown(row));
          if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, null, 1)}\n`);
        }
      }
    }
  }
  const failed = rows.filter(({ comparison }) => comparison === null).length;
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  console.log(`\n${rows.length} fits, ${failed} failed, ${minutes} minutes.`);
  process.exitCode = failed > 0 ? 1 : 0;
}

const options = readOptions(process.argv);
if (options.checkReferences) printReferenceCheck(options.c2stSamples);
else await printTable(options);
