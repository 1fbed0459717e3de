import './native-environment.ts';
import { Command, CommanderError, Option } from 'commander';
import { fitConfigSchema } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import { appVersion } from './app-root.ts';
import { calibrateCommand } from './cli-calibrate.ts';
import { ending, historyOption, inheritHistory, refuseCommand } from './cli-command.ts';
import { devicesCommand } from './cli-devices.ts';
import { exportCommand } from './cli-export.ts';
import { featuresCommand } from './cli-features.ts';
import { fitCommand, inferCommand } from './cli-fit.ts';
import { inspectCommand } from './cli-inspect.ts';
import { modelsCommand } from './cli-models.ts';
import { reportError, sayJson } from './cli-output.ts';
import { runsCommand } from './cli-runs.ts';
import { serveCommand } from './cli-serve.ts';
import { simulateCommand } from './cli-simulate.ts';
import { configJsonSchema } from './config-file.ts';

/** The command line of docs/command-line.md. */
function program(): Command {
  const root = new Command('chronaxie')
    .description('From a patch-clamp recording to the full posterior over a neuron model’s parameters.')
    .version(appVersion())
    .addOption(new Option('--print-config', 'write the complete default configuration'))
    .addOption(new Option('--print-schema', 'write the JSON Schema of the configuration'))
    .addOption(historyOption())
    .showSuggestionAfterError(true)
    .enablePositionalOptions() // else “fit --print-config” would be this command's option
    .allowExcessArguments(true) // so that the action sees a mistyped command and can name the right one
    .action((options: { printConfig?: boolean; printSchema?: boolean }) => {
      if (root.args[0] !== undefined) refuseCommand(root, root.args[0]);
      else if (options.printSchema) sayJson(configJsonSchema());
      else if (options.printConfig) sayJson(fitConfigSchema.parse({}));
      else root.help({ error: true });
    });
  const commands = [
    inspectCommand(),
    featuresCommand(),
    simulateCommand(),
    fitCommand(),
    inferCommand(),
    runsCommand(),
    calibrateCommand(),
    exportCommand(),
    modelsCommand(),
    devicesCommand(),
    serveCommand(),
  ];
  for (const one of commands) root.addCommand(one);
  inheritHistory(root);
  throwInsteadOfExit(root);
  return root;
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) throwInsteadOfExit(child);
}

async function main(): Promise<number> {
  const json = process.argv.includes('--json');
  try {
    await program().parseAsync();
    return ending.code;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return reportError(thrown, json);
    // Commander has said it on stderr already; help and version that were asked for are no error.
    if (thrown.exitCode === 0) return 0;
    if (json) {
      const error = new AppError('usage', thrown.message, { remedy: 'chronaxie --help lists the commands.' });
      sayJson({ error: error.toWire() });
    }
    return 2;
  }
}

/** A reader that closes the pipe early (`… | head`) is no fault. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await main();
