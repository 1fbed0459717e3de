import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../main/numeric/random.ts';
import { halfWidthMs } from '../../../main/features/half-width.ts';
import { detectSpikes } from '../../../main/features/spike-detection.ts';

const dtMs = 0.05;

/** A trace at −70 mV with triangular spikes: up by 100 mV in 0.5 ms, down in 1 ms to −75, back to −70 in 5 ms. */
function triangles(peaksMs: readonly number[], totalMs = 200): Float64Array {
  return Float64Array.from({ length: Math.round(totalMs / dtMs) }, (_, i) => {
    const t = i * dtMs;
    const peak = peaksMs.find((at) => t > at - 0.5 - 1e-9 && t < at + 6);
    if (peak === undefined) return -70;
    const after = t - peak;
    if (after <= 0) return 30 + (100 * after) / 0.5;
    if (after <= 1) return 30 - 105 * after;
    return -75 + after - 1;
  });
}

describe('detectSpikes', () => {
  it('finds each spike with its threshold, peak and trough', () => {
    const v = triangles([50, 90, 150]);
    const spikes = detectSpikes(v, dtMs);
    expect(spikes.map((spike) => spike.peak * dtMs)).toEqual(
      [50, 90, 150].map((ms) => expect.closeTo(ms, 9) as number),
    );
    for (const spike of spikes) {
      expect(v[spike.threshold]).toBeLessThan(-60);
      expect((spike.peak - spike.threshold) * dtMs).toBeLessThan(0.6);
      expect(v[spike.trough]).toBeCloseTo(-75, 6);
      expect(spike.upstrokeMvPerMs).toBeCloseTo(200, 6);
      expect(spike.downstrokeMvPerMs).toBeCloseTo(-105, 6);
    }
  });

  it('gives the half-width of a triangle, and none where the trace ends before it is over', () => {
    const v = triangles([50]);
    // half of 30 … −75 mV is −22.5: 52.5 mV below the peak, 0.2625 ms before it and 0.5 ms after
    expect(halfWidthMs(v, dtMs, detectSpikes(v, dtMs)[0]!)).toBeCloseTo(0.7625, 6);
    const cut = v.subarray(0, 50 / dtMs + 3);
    expect(halfWidthMs(cut, dtMs, detectSpikes(cut, dtMs)[0]!)).toBeNaN();
  });

  it('searches only the stretch asked for', () => {
    const v = triangles([50, 90, 150]);
    expect(detectSpikes(v, dtMs, 70 / dtMs, 130 / dtMs).map((spike) => spike.peak)).toEqual([1800]);
  });

  it('sees no spike in slow, small or low depolarisations', () => {
    const bump = (height: number, riseMs: number, rest = -70) =>
      Float64Array.from({ length: 4000 }, (_, i) => {
        const t = i * dtMs - 100;
        return rest + (Math.abs(t) < riseMs ? height * (1 - Math.abs(t) / riseMs) : 0);
      });
    expect(detectSpikes(bump(100, 20), dtMs)).toHaveLength(0); // 5 mV/ms
    expect(detectSpikes(bump(30, 0.5), dtMs)).toHaveLength(0); // peak −40 mV
    expect(detectSpikes(bump(1.5, 0.05, -20), dtMs)).toHaveLength(0); // 1.5 mV high
    expect(detectSpikes(bump(60, 0.5), dtMs)).toHaveLength(1);
  });

  it('takes the noise of a sharp electrode for noise, and spikes in it for spikes', () => {
    const random = createRandom(2);
    const noise = triangles([50, 90, 150]).map((v, i) => (i < 2400 ? -15 : v + 55) + random.normal());
    expect(detectSpikes(noise, dtMs).map((spike) => Math.round(spike.peak * dtMs))).toEqual([150]);
  });

  it('finds nothing in nothing', () => {
    expect(detectSpikes(new Float32Array(0), dtMs)).toEqual([]);
    expect(detectSpikes(new Float32Array(100).fill(-65), dtMs)).toEqual([]);
  });
});
