import { Command, InvalidArgumentError, Option } from 'commander';
import { nearestName } from './nearest-name.ts';
import { createServices, type Services } from './services.ts';

/** The first Ctrl-C asks the work to stop; the second does not wait for it. */
const cancellation = new AbortController();
export const cancelSignal = cancellation.signal;
let asked = false;

function onInterrupt(): void {
  if (asked) process.exit(4);
  asked = true;
  cancellation.abort();
}
process.on('SIGINT', onInterrupt);
process.on('SIGTERM', onInterrupt);

/** What a command ends with: 0, or the code of what it has already reported. */
export const ending: { code: number } = { code: 0 };

export interface CommonOptions {
  history?: string;
  json?: boolean;
}

export const historyOption = () =>
  new Option('--history <file>', 'the history database (else CHRONAXIE_HISTORY, else the data folder)');

/** A command with the options that every one has. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addOption(historyOption())
    .allowExcessArguments(false)
    .showSuggestionAfterError(true)
    .showHelpAfterError('Run the command with --help for all of its options.');
}

/** A command of several, such as `runs list`; the first is meant where none is named. */
export function commandGroup(name: string, description: string, [first, ...rest]: [Command, ...Command[]]) {
  const group = command(name, description).addCommand(first, { isDefault: true });
  for (const one of rest) group.addCommand(one);
  // A mistyped name would otherwise be an argument too many of the first.
  first.allowExcessArguments(true).hook('preAction', () => {
    if (first.args[0] !== undefined) refuseCommand(group, first.args[0]);
  });
  return group;
}

/** Ends with the nearest known command. */
export function refuseCommand(group: Command, typed: string): never {
  const known = group.commands.map((command) => command.name());
  const nearest = nearestName(typed, known);
  const hint = nearest === null ? `Known are ${known.join(', ')}.` : `(Did you mean ${nearest}?)`;
  group.error(`error: unknown command '${typed}'\n${hint}`, { code: 'commander.unknownCommand' });
}

/** Wherever --history stands, before a command's name or after it, it is the command's. */
export function inheritHistory(root: Command): void {
  root.hook('preAction', (_, chosen) => {
    for (let above = chosen.parent; above !== null; above = above.parent) {
      const { history } = above.opts<CommonOptions>();
      if (history !== undefined && chosen.getOptionValue('history') === undefined) {
        chosen.setOptionValue('history', history);
      }
    }
  });
}

export const jsonOption = () => new Option('--json', 'write exactly one JSON document to stdout');

/** Work that needs the history: opened before, closed after, whatever happens; Ctrl-C cancels its fits. */
export async function withServices<T>(
  options: CommonOptions,
  work: (services: Services) => Promise<T>,
): Promise<T> {
  const services = createServices({ transport: 'served', history: options.history });
  try {
    return await work(services);
  } finally {
    await services.close();
  }
}

/** Parses a whole number of a range; commander adds the option's name to the message. */
export function whole(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
  };
}

/** Several values after one option, or the option several times. */
export function severalWhole(text: string, earlier: number[] | undefined): number[] {
  return [...(earlier ?? []), whole(0, Number.MAX_SAFE_INTEGER)(text)];
}
