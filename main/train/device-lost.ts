import { AppError } from '../contract/errors.ts';

/** A device that worked, or seemed to, and does not any more. */
export function deviceLost(device: string, why: string, cause?: unknown): AppError {
  const message = `Training on ${device} stopped: ${why.replace(/\.?\s*$/, '.')}`;
  const remedy =
    'The processor has taken over. Update the graphics card’s driver, or train with --device cpu.';
  return new AppError('device-lost', message, { remedy, cause });
}
