import { describe, expect, it } from 'vitest';
import { abfCommand } from '../../../main/recording/abf-command.ts';
import type { AbfEpoch, AbfOutput } from '../../../main/recording/abf-header.ts';

/** A sweep of 128 samples: holding for its first two. */
const SAMPLES = 128;

function epoch(
  kind: AbfEpoch['kind'],
  level: number,
  duration: number,
  more: Partial<AbfEpoch> = {},
): AbfEpoch {
  return { kind, level, duration, levelStep: 0, durationStep: 0, period: 0, width: 0, ...more };
}

function command(epochs: AbfEpoch[], sweep = 0, output: Partial<AbfOutput> = {}): number[] {
  const whole: AbfOutput = {
    number: 0,
    name: 'Cmd 0',
    unit: 'pA',
    holding: -5,
    enabled: true,
    epochs,
    keepsLastLevel: false,
    problem: null,
    ...output,
  };
  return Array.from(abfCommand(whole, sweep, SAMPLES));
}

describe('abfCommand', () => {
  it('holds for the first 64th of the sweep, plays the epochs, and holds again', () => {
    const played = command([epoch('step', 10, 3), epoch('step', 20, 2)]);
    expect(played.slice(0, 9)).toEqual([-5, -5, 10, 10, 10, 20, 20, -5, -5]);
    expect(played).toHaveLength(SAMPLES);
    expect(played.at(-1)).toBe(-5);
  });

  it('lets levels and durations grow from sweep to sweep', () => {
    const grown = epoch('step', 10, 2, { levelStep: 5, durationStep: 1 });
    expect(command([grown], 3).slice(1, 8)).toEqual([-5, 25, 25, 25, 25, 25, -5]);
    expect(command([epoch('step', 10, 2, { durationStep: -1 })], 5)).toEqual(command([]));
  });

  it('keeps the last level between sweeps where the protocol says so', () => {
    const grown = epoch('step', 10, 2, { levelStep: 5 });
    const first = command([grown], 0, { keepsLastLevel: true });
    expect([first[0], first.at(-1)]).toEqual([-5, 10]);
    const second = command([grown], 1, { keepsLastLevel: true });
    expect([second[0], second[2], second.at(-1)]).toEqual([10, 15, 15]);
  });

  it('draws ramps from the level before to their own', () => {
    expect(command([epoch('step', 10, 1), epoch('ramp', 30, 5)]).slice(2, 9)).toEqual([
      10, 10, 15, 20, 25, 30, -5,
    ]);
  });

  it('draws trains of whole periods and leaves the rest at the level before', () => {
    const train = { period: 4, width: 2 };
    const of = (kind: AbfEpoch['kind'], more = train) =>
      command([epoch('step', 0, 1), epoch(kind, 8, 10, more)]).slice(3, 14);
    expect(of('pulses')).toEqual([8, 8, 0, 0, 8, 8, 0, 0, 0, 0, -5]);
    expect(of('biphasic')).toEqual([8, -8, 0, 0, 8, -8, 0, 0, 0, 0, -5]);
    expect(of('triangles', { period: 5, width: 3 })).toEqual([0, 4, 8, 8, 0, 0, 4, 8, 8, 0, -5]);
    // two periods over ten samples: the middle, 4.5 intervals on, is back at the level before
    const cosines = of('cosines');
    expect(cosines[0]).toBe(0);
    expect(cosines[9]).toBeCloseTo(0, 6);
    // (1 − cos(2π·2·2/9))/2·8, and 32-bit floats
    expect(cosines[2]).toBeCloseTo(4 * (1 - Math.cos((8 * Math.PI) / 9)), 5);
  });

  it('cuts an epoch that outlasts the sweep', () => {
    const long = command([epoch('ramp', 1000 - 6, 1000)]);
    expect(long).toHaveLength(SAMPLES);
    // the ramp goes on at its own slope: 999 pA over 999 intervals
    expect(long.at(-1)).toBeCloseTo(-5 + 125, 3);
  });
});
