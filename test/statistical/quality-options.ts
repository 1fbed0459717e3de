import { Command, Option } from 'commander';
import { algorithmSchema, type Algorithm, type FitConfigInput } from '../../main/contract/config.ts';
import { allTasks } from './tasks/all-tasks.ts';

export interface QualityOptions {
  tasks?: string[];
  observations: number[];
  algorithms: Algorithm[];
  budgets: number[];
  seeds: number[];
  rounds?: number;
  pilot?: number;
  c2stSamples: number;
  timeLimit: number;
  set: FitConfigInput;
  quick?: boolean;
  checkReferences?: boolean;
  json?: string;
}

const words = (text: string) => text.split(',').map((word) => word.trim());
/** “1,2” or “1-20”. */
const numbers = (text: string) =>
  words(text).flatMap((word) => {
    const [first, last = first] = word.split('-').map(Number);
    if (!(Number.isInteger(first) && first! > 0 && Number.isInteger(last) && last! >= first!))
      throw new Error(`“${word}” is neither a whole number above 0 nor a range of them.`);
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i);
  });
const number = (text: string) => numbers(text)[0]!;

function taskIds(text: string): string[] {
  const known = new Set(allTasks.map(({ id }) => id));
  const chosen = words(text);
  const unknown = chosen.filter((id) => !known.has(id));
  if (unknown.length > 0) {
    throw new Error(`There is no task ${unknown.join(', ')}; there are ${[...known].join(', ')}.`);
  }
  return chosen;
}

function algorithms(text: string): Algorithm[] {
  return words(text).map((word) => algorithmSchema.parse(word));
}

/** Lays `a.b=value` over the settings; a value is JSON where it can be read as such, else text. */
function setting(text: string, settings: FitConfigInput): FitConfigInput {
  const [path, value] = [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)];
  const copy = structuredClone(settings) as Record<string, unknown>;
  const keys = path.split('.');
  let at = copy;
  for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>;
  at[keys.at(-1)!] = parsed(value);
  return copy as FitConfigInput;
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

export function readOptions(argv: readonly string[]): QualityOptions {
  const command = new Command('benchmark:quality')
    .description('Fits tasks with a known posterior and prints how far the fits are from it.')
    .option('--tasks <ids>', `some of ${[...new Set(allTasks.map(({ id }) => id))].join(', ')}`, taskIds)
    .option('--observations <numbers>', 'of tasks that have several', numbers, [1, 2])
    .option('--algorithms <names>', 'snpe, tsnpe, npe', algorithms, ['snpe', 'tsnpe', 'npe'] as Algorithm[])
    .option('--budgets <numbers>', 'simulations in all, pilot run and all rounds', numbers, [1000, 10_000])
    .option('--seeds <numbers>', 'one fit each', numbers, [1])
    .option('--rounds <number>', 'of sequential algorithms (5)', number)
    .option('--pilot <number>', 'of the budget, for the pilot run (a tenth, at most 500)', number)
    .option('--c2st-samples <number>', 'of both kinds', number, 10_000)
    .option('--time-limit <seconds>', 'for one fit', number, 900)
    .addOption(
      new Option('--set <key=value>', 'a setting of the fit, such as network.family=mixture; repeatable')
        .argParser(setting)
        .default({} as FitConfigInput, 'none'),
    )
    .option('--quick', 'smoke test: 1,000 simulations, observation 1, tsnpe, C2ST with 1,000 samples')
    .option('--check-references', 'only compare our own exact samples of the GLM with the published ones')
    .option('--json <file>', 'also write the rows there');
  const options = command.parse(argv).opts<QualityOptions>();
  return options.quick
    ? { ...options, budgets: [1000], observations: [1], algorithms: ['tsnpe'], c2stSamples: 1000 }
    : options;
}
