import type { AppError } from '../contract/errors.ts';
import { type ErrorCode } from '../contract/errors.ts';
import { logFault } from './log.ts';

/** The exit codes of docs/command-line.md: 2 wrong usage, 3 bad input, 4 cancelled, 1 our fault. */
const exitCodes: Record<ErrorCode, number> = {
  usage: 2,
  'not-yet': 2,
  'file-not-found': 3,
  'file-unreadable': 3,
  'format-unsupported': 3,
  'recording-unusable': 3,
  'input-invalid': 3,
  'model-invalid': 3,
  'simulator-invalid': 3,
  'history-unavailable': 3,
  'not-found': 3,
  'device-unavailable': 2,
  'device-lost': 1,
  cancelled: 4,
  'inference-failed': 3,
  internal: 1,
};

export function exitCodeOf(error: AppError): number {
  return exitCodes[error.code];
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The one document of a command that was given --json. */
export function sayJson(document: unknown): void {
  say(JSON.stringify(document, null, 2));
}

/**
 * Says what went wrong and what to do; with --json the error is the document.
 * @returns the exit code
 */
export function reportError(thrown: unknown, json: boolean): number {
  const error = logFault(thrown, 'the command line');
  if (json) sayJson({ error: error.toWire() });
  tell(`chronaxie: ${error.message}`);
  if (error.remedy !== '') tell(`  → ${error.remedy}`);
  return exitCodeOf(error);
}
