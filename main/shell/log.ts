import { AppError } from '../contract/errors.ts';

/** The last faults and sentences, for the window's own view of the log. */
const kept: string[] = [];
const mostKept = 100;

export function keptFaults(): readonly string[] {
  return kept;
}

/** A sentence about this installation, on stderr. */
export function logSentence(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  keep(sentence);
}

/**
 * A fault of ours with its stack and causes, on stderr; what the user did or chose is told to the user and not logged.
 */
export function logFault(thrown: unknown, where: string): AppError {
  const error = AppError.from(thrown);
  if (error.code === 'internal') {
    const lines = [`${new Date().toISOString()} fault in ${where}: ${error.message}`];
    for (let cause: unknown = error.cause; cause !== undefined;) {
      lines.push(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
      cause = cause instanceof Error ? cause.cause : undefined;
    }
    process.stderr.write(`${lines.join('\n')}\n`);
    keep(lines.join('\n'));
  }
  return error;
}

function keep(entry: string): void {
  kept.push(entry);
  if (kept.length > mostKept) kept.shift();
}
