import { AppError } from '../contract/errors.ts';

/** The last faults, for the window's own view of the log. */
const kept: string[] = [];
const mostKept = 100;

export function keptFaults(): readonly string[] {
  return kept;
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
    kept.push(lines.join('\n'));
    if (kept.length > mostKept) kept.shift();
  }
  return error;
}
