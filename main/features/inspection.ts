import type { Inspection } from '../contract/recording.ts';
import {
  beginRecording,
  type OpeningRecording,
  type OpenOptions,
  type Recording,
} from '../recording/recording.ts';
import { detectSpikes } from './spike-detection.ts';

/** Opens a recording and counts the spikes of every usable sweep, from its beginning to its end. */
export async function inspectRecording(
  path: string,
  options: OpenOptions = {},
): Promise<{ recording: Recording; inspection: Inspection }> {
  return inspectOpening(await beginRecording(path, options), options);
}

/** The same of a recording that is open so far; it is closed where it cannot be read. */
export async function inspectOpening(
  opening: OpeningRecording,
  options: Pick<OpenOptions, 'signal'> = {},
): Promise<{ recording: Recording; inspection: Inspection }> {
  try {
    const recording = await opening.complete();
    const sweeps: Inspection['sweeps'] = [];
    for (const sweep of recording.summary.sweeps) {
      options.signal?.throwIfAborted();
      sweeps.push(sweep.usable ? { ...sweep, spikes: await countSpikes(recording, sweep.sweep) } : sweep);
    }
    return { recording, inspection: { ...recording.summary, sweeps } };
  } catch (thrown) {
    await opening.close();
    throw thrown;
  }
}

async function countSpikes(recording: Recording, sweep: number): Promise<number> {
  const { voltageMv, rateHz } = await recording.readSweep(sweep);
  return detectSpikes(voltageMv, 1000 / rateHz).length;
}

/**
 * The sweep that says most about the cell at first sight: the usable one, with a depolarising step, whose spike count is the
 * median of those that spike (the lower one of two); without any, the one with the largest depolarising step. Null where none is
 * usable. Rebound spikes after a hyperpolarising step do not make a sweep one that spikes.
 */
export function suggestSweep(inspection: Inspection): number | null {
  const usable = inspection.sweeps.filter((sweep) => sweep.usable);
  const largest = (sweep: (typeof usable)[number]) =>
    Math.max(...sweep.current.steps.map((step) => step.relativePa));
  const spiking = usable
    .filter((sweep) => (sweep.spikes ?? 0) > 0 && largest(sweep) > 0)
    .sort((a, b) => a.spikes! - b.spikes! || a.sweep - b.sweep);
  const middle = spiking[(spiking.length - 1) >> 1];
  return middle?.sweep ?? usable.toSorted((a, b) => largest(b) - largest(a))[0]?.sweep ?? null;
}
