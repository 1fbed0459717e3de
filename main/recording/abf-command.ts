import type { AbfEpoch, AbfOutput } from './abf-header.ts';

/** Clampex holds for this share of a sweep before the first epoch. */
const BEFORE_THE_FIRST = 64;

/**
 * The command (in the output's unit) during samples 0 … samples−1 of a sweep, sweeps counted from 0: holding for 1/64 of
 * the sweep, then the epochs, each beginning at the level of the one before it, then holding again or the last epoch's level.
 */
export function abfCommand(output: AbfOutput, sweep: number, samples: number): Float32Array {
  const { epochs, holding, keepsLastLevel } = output;
  const last = epochs.at(-1);
  const levelAfter = (of: number) => (keepsLastLevel && last && of >= 0 ? levelIn(last, of) : holding);
  let level = levelAfter(sweep - 1);
  const command = new Float32Array(samples).fill(level);
  let from = Math.floor(samples / BEFORE_THE_FIRST);
  for (const epoch of epochs) {
    const duration = Math.max(0, epoch.duration + epoch.durationStep * sweep);
    const next = levelIn(epoch, sweep);
    draw(command.subarray(from, from + duration), epoch, duration, level, next);
    level = next;
    from += duration;
    if (from >= samples) return command;
  }
  return command.fill(levelAfter(sweep), from);
}

function levelIn({ level, levelStep }: AbfEpoch, sweep: number): number {
  return level + levelStep * sweep;
}

/** Writes one epoch's samples; `out` is shorter than `duration` where the sweep ends before the epoch does. */
function draw(out: Float32Array, epoch: AbfEpoch, duration: number, before: number, level: number): void {
  const shape = shapeOf(epoch, duration);
  for (let i = 0; i < out.length; i++) out[i] = before + (level - before) * shape(i);
}

/**
 * An epoch as a share of the way from the level before it to its own. Trains are made of whole periods; what is left of the
 * epoch stays at the level before.
 */
function shapeOf({ kind, period, width }: AbfEpoch, duration: number): (i: number) => number {
  const periods = period > 0 ? Math.floor(duration / period) : 0;
  const train = (wave: (phase: number) => number) => (i: number) =>
    i < periods * period ? wave(i % period) : 0;
  switch (kind) {
    case 'step':
      return () => 1;
    case 'ramp':
      return (i) => rise(i, duration);
    case 'pulses':
      return train((phase) => (phase < width ? 1 : 0));
    case 'triangles':
      return train((phase) => (phase < width ? rise(phase, width) : 1 - rise(phase - width, period - width)));
    case 'cosines':
      return (i) => (1 - Math.cos(2 * Math.PI * periods * rise(i, duration))) / 2;
    case 'biphasic':
      return train((phase) => (phase >= width ? 0 : phase < Math.floor(width / 2) ? 1 : -1));
    default:
      return () => 0;
  }
}

/** From 0 at the first of n samples to 1 at the last. */
function rise(i: number, n: number): number {
  return n > 1 ? i / (n - 1) : 0;
}
