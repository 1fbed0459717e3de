import { describe, expect, it } from 'vitest';
import { runArrays } from '../../../main/export/run-arrays.ts';
import { run } from './run.ts';

describe('runArrays', () => {
  const arrays = Object.fromEntries(runArrays(run).map((array) => [array.name, array]));

  it('has as many values as each shape says', () => {
    for (const { name, shape, values } of Object.values(arrays)) {
      if (typeof values === 'string') continue;
      expect(values, name).toHaveLength(shape.reduce((product, n) => product * n, 1));
    }
    expect(arrays['samples']!.shape).toEqual([5, 2]);
    expect(arrays['theta']!.shape).toEqual([40, 2]);
    expect(arrays['x']!.shape).toEqual([40, 3]);
  });

  it('tells the round of every simulation, and which were bad', () => {
    const { round, bad } = arrays as Record<string, { values: Uint8Array }>;
    expect([...round!.values]).toEqual([...Array<number>(20).fill(1), ...Array<number>(20).fill(2)]);
    expect([...bad!.values].flatMap((one, i) => (one ? [i] : []))).toEqual([3, 23]);
  });

  it('keeps the configuration whole in its provenance', () => {
    const provenance = JSON.parse(arrays['provenance']!.values as string) as { configuration: unknown };
    expect(provenance.configuration).toEqual(JSON.parse(JSON.stringify(run.prepared.config)));
  });
});
