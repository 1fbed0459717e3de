import { basename } from 'node:path';
import type { FitConfig } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import type { History } from '../history/history.ts';
import { rememberColumns, recalledColumns, tellRecalled } from './cli-columns.ts';
import { command, withServices } from './cli-command.ts';
import { tell } from './cli-output.ts';
import {
  addFitOptions,
  addNeuronOptions,
  chosenSweeps,
  configOf,
  printed,
  type FitCommandOptions,
} from './cli-fit-options.ts';
import { followFit } from './cli-fit-run.ts';
import { earlierRunsText } from './cli-earlier-runs.ts';
import { expandFolders, fitSeveral, hashOf } from './cli-fit-several.ts';

export const fitCommand = () =>
  addFitOptions(
    addNeuronOptions(
      command('fit', 'infer the posterior over a model’s parameters from a recording').argument(
        '[recordings...]',
        'recordings (NWB, ABF, HDF5, CSV, TSV), or folders of them; several are fitted one after the other',
      ),
    ),
  ).action(async (recordings: string[], options: FitCommandOptions) => {
    const config = await configOf(options);
    if (options.printConfig || options.printSchema) {
      printed(options, (await fitsOf(recordings, config, options)).configs[0]!);
      return;
    }
    if (config.source === null && recordings.length === 0) {
      throw new AppError('usage', 'No recording was given.', {
        remedy: 'chronaxie fit RECORDING; “chronaxie inspect RECORDING” lists its sweeps.',
      });
    }
    await withServices(options, async (services) => {
      const { history } = services;
      const { files, configs } = await fitsOf(recordings, config, options, history);
      if (configs.length === 1 && files[0] === recordings[0]) {
        const [file] = files;
        const earlier = file === undefined ? null : earlierRunsText(history, file, await hashOf(file));
        if (earlier !== null) tell(earlier);
        await followFit(services, services.fits.start({ config: configs[0]! }).id, options);
      } else await fitSeveral(services, configs, options);
    });
  });

export const inferCommand = () =>
  addFitOptions(command('infer', 'infer the parameters of any simulator'))
    .option('--simulator <file>', 'a simulator module (.mjs)')
    .option('--observation <file>', 'the observed features (CSV, one row)')
    .action(async (options: FitCommandOptions & { simulator?: string; observation?: string }) => {
      const config = await configOf(options);
      const { simulator, observation } = options;
      const chosen =
        simulator !== undefined && observation !== undefined
          ? { ...config, source: { simulator, observation } }
          : config;
      if (printed(options, chosen)) return;
      if (chosen.source === null || !('simulator' in chosen.source)) {
        throw new AppError('usage', 'infer needs --simulator FILE.mjs and --observation FILE.csv.', {
          remedy: 'docs/command-line.md shows a simulator in ten lines.',
        });
      }
      await withServices(options, async (services) => {
        await followFit(services, services.fits.start({ config: chosen }).id, options);
      });
    });

/** The recordings that were asked for, and a configuration each; with the history also what was said of their columns before. */
async function fitsOf(
  recordings: readonly string[],
  config: FitConfig,
  options: FitCommandOptions,
  history: History | null = null,
): Promise<{ files: string[]; configs: FitConfig[] }> {
  const sweeps = chosenSweeps(options);
  const { mapping } = config.cell;
  const recalled = async (file: string) => (history === null ? null : await recalledColumns(file, history));
  const files = await expandFolders(recordings, mapping, async (table) => (await recalled(table)) !== null);
  noteForeignCapacitance(config, files);
  const stated =
    files.length > 0
      ? files.map((file) => withRecording(config, file, sweeps))
      : [withSweeps(config, sweeps)];
  const configs: FitConfig[] = [];
  for (const one of stated) {
    const file = one.source !== null && 'recording' in one.source ? one.source.recording : null;
    if (file !== null && history !== null && options.map !== undefined)
      await rememberColumns(file, history, options.map);
    const known = file === null || mapping !== null ? null : await recalled(file);
    if (file !== null && known !== null) tellRecalled(file, known);
    configs.push(known === null ? one : { ...one, cell: { ...one.cell, mapping: known } });
  }
  return { files, configs };
}

/** A recording on the command line replaces the configuration's; what belonged to that file goes with it. */
function withRecording(
  config: FitConfig,
  recording: string,
  sweeps: ReturnType<typeof chosenSweeps>,
): FitConfig {
  const { source } = config;
  const same = source !== null && 'recording' in source && basename(source.recording) === basename(recording);
  if (sweeps !== null) return { ...config, source: { recording, sha256: null, ...sweeps } };
  const kept = same ? { ...source, recording, sha256: null } : { recording, sha256: null, sweep: null };
  return { ...config, source: kept };
}

/** The capacitance of a config.json was measured on the recording that it names; another cell has its own. */
function noteForeignCapacitance({ source, cell }: FitConfig, recordings: readonly string[]): void {
  if (source === null || !('recording' in source) || cell.capacitancePf === null) return;
  const others = recordings.filter((file) => basename(file) !== basename(source.recording));
  if (others.length === 0) return;
  tell(
    `Note: ${others.join(', ')}: the capacitance of the configuration, ${cell.capacitancePf.toFixed(1)} pF, is used, ` +
      `and it belongs to ${basename(source.recording)}. To measure it anew, set cell.capacitancePf to null.`,
  );
}

function withSweeps(config: FitConfig, sweeps: ReturnType<typeof chosenSweeps>): FitConfig {
  const { source } = config;
  if (sweeps === null || source === null || !('recording' in source)) return config;
  const { recording, sha256 } = source;
  return { ...config, source: { recording, sha256, ...sweeps } };
}
