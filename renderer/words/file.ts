import { AppError } from '../../main/contract/errors.ts';

/** A path's last part, on every platform. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}

/** A size in bytes as people read it (powers of 1,000). */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes}\u2009B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)}\u2009kB`;
  return `${(bytes / 1_000_000).toFixed(1)}\u2009MB`;
}

/** The error with the file's name in place of its whole path: of a dropped file that is only where its copy lies. */
export function named(error: AppError, path: string): AppError {
  const { remedy, details } = error;
  return new AppError(error.code, error.message.replaceAll(path, baseName(path)), {
    remedy,
    details,
    cause: error,
  });
}
