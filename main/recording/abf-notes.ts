import type { Warning } from '../contract/recording.ts';
import type { AbfChannel, AbfHeader } from './abf-header.ts';

/** More would not be read. */
const MOST_TAGS = 20;

/** The tags that the experimenter set, and the channels that are not read. */
export function abfNotes(header: AbfHeader, unread: readonly AbfChannel[]): Warning[] {
  const notes: Warning[] = [];
  if (header.tags.length > 0) {
    const told = header.tags.slice(0, MOST_TAGS).map(({ timeS, comment }) => {
      const sweep = header.sweeps.findLastIndex(({ startS }) => startS !== null && startS <= timeS);
      const during = header.sweeps.length > 1 && sweep >= 0 ? `, sweep ${sweep}` : '';
      return `“${comment}” at ${timeS.toFixed(1)} s${during}`;
    });
    const more = header.tags.length > told.length ? ` and ${header.tags.length - told.length} more` : '';
    notes.push({
      code: 'tags',
      message: `The experimenter tagged the recording: ${told.join('; ')}${more}.`,
      remedy: 'If a tag marks a drug or another change, choose sweeps from one side of it.',
    });
  }
  if (unread.length > 0) {
    notes.push({
      code: 'channels-left-out',
      message: `Not read: ${unread.map(({ name, unit }) => `${name} (${unit || 'no unit'})`).join(', ')}.`,
      remedy: 'Nothing, if these are triggers or other signals; otherwise set the channel’s unit in Clampex.',
    });
  }
  return notes;
}
