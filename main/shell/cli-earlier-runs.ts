import { resolve } from 'node:path';
import type { RunSummary } from '../contract/run.ts';
import type { History } from '../history/history.ts';

/**
 * What the history knows of a recording, by its content: that it was fitted before, perhaps where it lay under another name; or that the
 * file held something else when it was fitted. Null where there is nothing to say.
 * @param sha256 of its content; empty = it cannot be read, and the fit will say so
 */
export function earlierRunsText(history: History, recording: string, sha256: string): string | null {
  if (sha256 === '') return null;
  const file = resolve(recording);
  const { runs, before } = history.ofRecording(sha256, file);
  if (runs[0] !== undefined) {
    const elsewhere = runs.find(({ source }) => source !== file);
    const there = elsewhere === undefined ? '' : ` (then at ${elsewhere.source})`;
    return `Note: this recording was fitted before${there}: ${listed(runs)}. “chronaxie runs show ${runs[0].id}” prints the last.`;
  }
  if (before[0] === undefined) return null;
  return `Note: the file has changed since it was fitted (${listed(before)}): that run is of other data.`;
}

/** The newest three, and how many there are besides. */
function listed(runs: readonly RunSummary[]): string {
  const names = runs.slice(0, 3).map(({ id, state }) => `${id}, ${state}`);
  return `${names.join('; ')}${runs.length > 3 ? `; and ${runs.length - 3} more` : ''}`;
}
