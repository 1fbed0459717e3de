import { describe, expect, it } from 'vitest';
import { Arena, layOutParameters, pack, unpack } from '../../../main/train/memory.ts';
import { densityNetwork, parameterCount } from '../../../main/train/network.ts';

describe('the memory of a plan', () => {
  it('hands out offsets that do not overlap and suit vectors', () => {
    const arena = new Arena(1000);
    const offsets = [3, 17, 1].map((n) => arena.floats(n));
    expect(offsets).toEqual([1024, 1088, 1216]);
    expect(arena.end).toBe(1220);
  });

  it('lays the blocks out apart from each other, variational ones first', () => {
    const network = densityNetwork({ inputs: 3, outputs: 2, hidden: [5], components: 2, variational: true });
    const layout = layOutParameters(network);
    const used = new Set<number>();
    for (const { start, rows, columns, stride } of layout.blocks)
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) used.add(start + row * stride + column);
    expect(used.size).toBe(3 + 5 * 3 + 5 + 12 * 5 + 12);
    expect(layout.blocks[0]!.start).toBe(layout.variational);
    expect(layout.length).toBe(layout.logSds + layout.variational);
  });

  it('packs what it unpacked and fills the padding of the log-sds', () => {
    const network = densityNetwork({ inputs: 3, outputs: 1, hidden: [2], components: 1, variational: true });
    const layout = layOutParameters(network);
    const stored = Float32Array.from({ length: parameterCount(network) }, (_, i) => i + 1);
    const trainable = new Float32Array(layout.length);
    unpack(layout, stored, trainable, -9);
    expect(pack(layout, trainable)).toEqual(stored);
    // weights [2, 3] have one column of padding, in both parts
    expect(trainable[3]).toBe(0);
    expect(trainable[layout.logSds + 3]).toBe(-9);
  });
});
