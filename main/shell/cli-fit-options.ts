import { Option, type Command } from 'commander';
import { algorithmSchema, deviceSchema, fitConfigSchema, type FitConfig } from '../contract/config.ts';
import { jsonOption, severalWhole, whole, type CommonOptions } from './cli-command.ts';
import { mapOption, type MapOption } from './cli-map-option.ts';
import { configJsonSchema, readConfigFile } from './config-file.ts';
import { sayJson } from './cli-output.ts';
import { featureSetName } from './recording-service.ts';

export interface FitCommandOptions extends CommonOptions, MapOption {
  sweep?: number[];
  model?: string;
  config?: string;
  algorithm?: FitConfig['algorithm'];
  features?: string;
  rounds?: number;
  simulations?: number;
  samples?: number;
  seed?: number;
  workers?: number;
  device?: FitConfig['device'];
  strict?: boolean;
  out?: string;
  printConfig?: boolean;
  printSchema?: boolean;
}

/** The options that `fit` and `infer` share; each replaces the configuration's value. */
export function addFitOptions(command: Command): Command {
  return command
    .option('--config <file>', 'a configuration (JSON); options given here replace its values')
    .addOption(new Option('--algorithm <name>', 'the algorithm (tsnpe)').choices(algorithmSchema.options))
    .option('--rounds <number>', 'rounds (5)', whole(1, 100))
    .option('--simulations <number>', 'simulations per round (5000)', whole(1, 10_000_000))
    .option('--samples <number>', 'posterior samples written (10000)', whole(1, 10_000_000))
    .option('--seed <number>', 'the same seed gives the same numbers (1)', whole(0, Number.MAX_SAFE_INTEGER))
    .option('--workers <number>', 'worker threads (one per core)', whole(1, 256))
    .addOption(new Option('--device <name>', 'where to train (auto)').choices(deviceSchema.options))
    .option('--strict', 'bit-identical on every processor, about a third slower')
    .option('--out <folder>', 'where the results go (else ./chronaxie-results/ID)')
    .option('--print-config', 'write the complete configuration that would be used, and stop')
    .option('--print-schema', 'write the JSON Schema of the configuration, and stop')
    .addOption(jsonOption());
}

/** The options that only a fit of a neuron model to a recording has. */
export function addNeuronOptions(command: Command): Command {
  return command
    .option(
      '--sweep <number>',
      'the sweep (else the one with the median spike count); several are fitted together',
      severalWhole,
    )
    .addOption(mapOption())
    .option('--model <name>', 'a built-in model or a model file (hh8)')
    .option('--features <set>', 'the feature set (moments)');
}

/** The configuration file, or the defaults, with the options laid over it. The source is added by the command. */
export async function configOf(options: FitCommandOptions): Promise<FitConfig> {
  const base =
    options.config === undefined ? fitConfigSchema.parse({}) : await readConfigFile(options.config);
  return {
    ...base,
    ...(options.map === undefined ? {} : { cell: { ...base.cell, mapping: options.map } }),
    ...(options.model === undefined ? {} : { model: options.model }),
    ...(options.algorithm === undefined ? {} : { algorithm: options.algorithm }),
    ...(options.features === undefined
      ? {}
      : { features: { ...base.features, set: featureSetName(options.features) } }),
    ...(options.rounds === undefined ? {} : { rounds: options.rounds }),
    ...(options.simulations === undefined ? {} : { simulations: options.simulations }),
    ...(options.samples === undefined ? {} : { samples: options.samples }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    ...(options.device === undefined ? {} : { device: options.device }),
    ...(options.strict === undefined ? {} : { strict: options.strict }),
  };
}

/** The sweeps of --sweep: the first, and those that are fitted together with it; null = not given. */
export function chosenSweeps(options: FitCommandOptions): { sweep: number; alsoSweeps?: number[] } | null {
  const [sweep, ...others] = options.sweep ?? [];
  if (sweep === undefined) return null;
  return others.length > 0 ? { sweep, alsoSweeps: others } : { sweep };
}

/** @returns whether --print-config or --print-schema was given and answered */
export function printed(options: FitCommandOptions, config: FitConfig): boolean {
  if (options.printSchema) sayJson(configJsonSchema());
  else if (options.printConfig) sayJson(config);
  else return false;
  return true;
}
