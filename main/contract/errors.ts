/**
 * The one error type of the house. It crosses every process border as {code, message, remedy, details}.
 */
export const errorCodes = [
  'usage', // wrong command line or call
  'not-yet', // a documented option that this version does not have
  'file-not-found',
  'file-unreadable', // damaged, truncated, or not the format it claims
  'format-unsupported', // a valid file in a form that cannot be read
  'recording-unusable', // no usable current-clamp sweep
  'input-invalid', // a value, row or column in a parameter, observation, protocol, model or configuration file
  'model-invalid',
  'simulator-invalid', // a user's simulator module broke the contract
  'history-unavailable', // the database cannot be opened
  'not-found', // a run, model or sweep that does not exist
  'device-unavailable', // a graphics card that was asked for and cannot train here
  'device-lost', // a graphics card that stopped working
  'cancelled',
  'inference-failed', // the data do not allow the fit: for example no valid simulation at all
  'internal', // our fault
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface WireError {
  code: ErrorCode;
  message: string;
  remedy: string;
  details: Record<string, string | number | boolean | null>;
}

export interface AppErrorOptions {
  remedy: string;
  cause?: unknown;
  details?: WireError['details'];
}

/**
 * A fault or refusal that a user can understand: a sentence that says what and why, a remedy that says what to do.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly details: WireError['details'];

  constructor(code: ErrorCode, message: string, options: AppErrorOptions) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.remedy = options.remedy;
    this.details = options.details ?? {};
  }

  toWire(): WireError {
    return { code: this.code, message: this.message, remedy: this.remedy, details: this.details };
  }

  static fromWire(wire: WireError): AppError {
    return new AppError(wire.code, wire.message, { remedy: wire.remedy, details: wire.details });
  }

  /** Any thrown value as an AppError; what is not one already is our fault and keeps its cause for the log. */
  static from(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown;
    if (thrown instanceof Error && thrown.name === 'AbortError') {
      return new AppError('cancelled', 'The work was cancelled.', {
        remedy: 'Start or resume it again.',
        cause: thrown,
      });
    }
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new AppError('internal', `Something went wrong inside Chronaxie: ${message}`, {
      remedy: 'Please report this together with the log; no finished work is lost.',
      cause: thrown,
    });
  }
}
