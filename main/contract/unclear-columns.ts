import { z } from 'zod';
import type { AppError } from './errors.ts';
import { type TraceMapping, traceMappingSchema } from './recording.ts';

/** What main says of a file whose columns do not tell what they are. */
export interface UnclearColumns {
  columns: string[];
  /** Told by names as far as they go; the rest in the columns' order. */
  likely: TraceMapping | null;
}

/** Null where the error is about something else. */
export function unclearColumns({ details }: AppError): UnclearColumns | null {
  const columns = z.array(z.string()).safeParse(parsed(details['columns']));
  if (!columns.success || columns.data.length === 0) return null;
  const likely = traceMappingSchema.safeParse(parsed(details['likelyMapping']));
  return { columns: columns.data, likely: likely.success ? likely.data : null };
}

function parsed(value: unknown): unknown {
  try {
    return typeof value === 'string' ? JSON.parse(value) : null;
  } catch {
    return null;
  }
}
