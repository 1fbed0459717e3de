import { readlinkSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import { basename } from 'node:path';

/**
 * Lets the calling thread, and all that it starts from now on, stand back behind what a person waits for: the window stays fluid while a
 * run occupies every core. On Linux alone, where each thread has a priority (setpriority(2)); elsewhere it would be the whole program's.
 */
export function standBack(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(basename(readlinkSync('/proc/thread-self')));
    setPriority(thread, Math.max(getPriority(thread), constants.priority.PRIORITY_BELOW_NORMAL));
  } catch {
    // A system that hides its threads or forbids this runs the fit at the priority of all the rest.
  }
}
