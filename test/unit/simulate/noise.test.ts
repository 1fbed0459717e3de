import { describe, expect, it } from 'vitest';
import { noiseKernel } from '../../../main/simulate/noise-kernel.ts';
import { createNoise, seedNoise } from '../../../main/simulate/noise.ts';
import { encodeModule } from '../../../main/simulate/wasm-encoder.ts';

const lanes = 16;
const rows = 40_000;

/** [rows, lanes] from the kernel: lane l is simulation l of stream 3, seed 9. */
function kernelNoise(): Float32Array {
  const outAt = 1024;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((outAt + rows * lanes * 4) / 65536) });
  const state = new Uint32Array(memory.buffer, 0, lanes * 4);
  for (let lane = 0; lane < lanes; lane++)
    seedNoise(state, Math.floor(lane / 4) * 16 + (lane % 4), 4, 9, 3, lane);
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(encodeModule({ noise: noiseKernel(lanes) })),
    { host: { memory } },
  );
  const noise = exports['noise'] as (pairs: number, state: number, out: number) => void;
  // In two pieces: the state must move on.
  noise(100, 0, outAt);
  noise(rows / 2 - 100, 0, outAt + 200 * lanes * 4);
  return new Float32Array(memory.buffer, outAt, rows * lanes);
}

describe('the noise kernel', () => {
  const noise = kernelNoise();
  const lane = (l: number): Float32Array => noise.filter((_, i) => i % lanes === l);
  const mean = (values: ArrayLike<number>, f: (v: number, i: number) => number): number => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += f(values[i]!, i);
    return sum / values.length;
  };

  it('gives the numbers of the TypeScript reference, bit by bit', () => {
    for (const l of [0, 3, 5, 15]) {
      const draw = createNoise(9, 3, l);
      expect(lane(l).slice(0, 5000)).toEqual(Float32Array.from({ length: 5000 }, draw));
    }
  });
  it('is standard normal: mean, variance, skewness and kurtosis', () => {
    const n = noise.length;
    // Standard errors of the first four moments of a normal sample: √(1/n), √(2/n), √(15/n), √(96/n); five of them.
    expect(Math.abs(mean(noise, (v) => v))).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(mean(noise, (v) => v ** 2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(mean(noise, (v) => v ** 3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(mean(noise, (v) => v ** 4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });
  it('has normal tails', () => {
    // Expected counts beyond ±k in n = 640,000; Poisson spread, five standard deviations.
    for (const [k, probability] of [
      [2, 0.0455002639],
      [3, 0.0026997961],
      [4, 6.33425e-5],
    ] as const) {
      const expected = probability * noise.length;
      const counted = noise.reduce((count, v) => count + (Math.abs(v) > k ? 1 : 0), 0);
      expect(Math.abs(counted - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });
  it('is independent from step to step and from simulation to simulation', () => {
    const limit = 5 / Math.sqrt(rows);
    const all = Array.from({ length: lanes }, (_, l) => lane(l));
    for (let l = 0; l < lanes; l++) {
      for (const lag of [1, 2, 3]) {
        const later = all[l]!.subarray(lag);
        expect(Math.abs(mean(later, (v, i) => v * all[l]![i]!))).toBeLessThan(limit);
        // Squares as well: Box–Muller pairs share their radius.
        expect(Math.abs(mean(later, (v, i) => (v * v - 1) * (all[l]![i]! ** 2 - 1)))).toBeLessThan(2 * limit);
      }
      const other = all[(l + 1) % lanes]!;
      expect(Math.abs(mean(other, (v, i) => v * all[l]![i]!))).toBeLessThan(limit);
    }
  });
  it('is another stream for another seed, stream or index', () => {
    const first = [createNoise(1, 2, 3), createNoise(2, 2, 3), createNoise(1, 3, 3), createNoise(1, 2, 4)];
    expect(new Set(first.map((draw) => draw())).size).toBe(4);
  });
});
