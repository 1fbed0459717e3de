import { describe, expect, it } from 'vitest';
import { createRandom, philox4x32 } from '../../../main/numeric/random.ts';

describe('philox4x32', () => {
  // Known answers: Random123 1.14, tests/kat_vectors, philox4x32 10 rounds.
  const vectors: [number[], number[], number[]][] = [
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ];
  it.each(vectors)('agrees with the published vector for counter %j', (counter, key, expected) => {
    const out = new Uint32Array(4);
    philox4x32(Uint32Array.from(counter), key[0]!, key[1]!, out);
    expect([...out]).toEqual(expected);
  });
});

describe('createRandom', () => {
  it('gives the same numbers for the same name and others for another', () => {
    const draw = (...keys: [number, number]) => Array.from({ length: 8 }, createRandom(7, ...keys).uniform);
    expect(draw(1, 2)).toEqual(draw(1, 2));
    expect(draw(1, 2)).not.toEqual(draw(2, 1));
  });
  it('draws normals with mean 0 and variance 1', () => {
    const random = createRandom(3);
    const n = 100_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const z = random.normal();
      sum += z;
      squares += z * z;
    }
    // Five standard errors of the mean and of the variance of 100,000 normals.
    expect(Math.abs(sum / n)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(squares / n - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  });
  it('refuses a seed that is not a non-negative integer', () => {
    expect(() => createRandom(-1)).toThrow(RangeError);
    expect(() => createRandom(0.5)).toThrow(RangeError);
  });
});
