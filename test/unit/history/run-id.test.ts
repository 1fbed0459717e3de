import { describe, expect, it } from 'vitest';
import { newRunId } from '../../../main/history/run-id.ts';

describe('newRunId', () => {
  const free = () => false;

  it('names the day and the time of day', () => {
    expect(newRunId(new Date('2026-11-23T00:00:00Z'), free)).toBe('261123-00000');
    expect(newRunId(new Date('2026-11-23T12:00:00Z'), free)).toBe('261123-g0000');
    expect(newRunId(new Date('2026-11-23T23:59:59.999Z'), free)).toBe('261123-zzzzz');
  });

  it('sorts by time as text', () => {
    const start = Date.parse('2026-12-31T20:00:00Z');
    // 997 s: a step that visits all five digits; 40 of them pass midnight and the year's end.
    const ids = Array.from({ length: 40 }, (_, i) => newRunId(new Date(start + i * 997_003), free));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('moves on where the name is taken, over midnight too', () => {
    const taken = new Set(['261123-zzzzy', '261123-zzzzz', '261124-00000']);
    const late = new Date(Date.parse('2026-11-24T00:00:00Z') - 4);
    expect(newRunId(late, (id) => taken.has(id))).toBe('261124-00001');
  });
});
