import { expect, it } from 'vitest';
import type { TraceMapping } from '../../../../main/contract/recording.ts';
import { ColumnMemory } from '../../../../renderer/state/column-memory.ts';

const mapping: TraceMapping = {
  ...{ time: null, rateHz: 20_000 },
  ...{ voltage: { columns: ['1'], unit: 'mV' }, current: null },
};

function storeOf(values: Map<string, string>) {
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
}

it('remembers what columns are over a restart, for the same columns alone, until it is to forget', () => {
  const values = new Map<string, string>();
  new ColumnMemory(storeOf(values)).keep(['1', '2'], mapping);
  const memory = new ColumnMemory(storeOf(values));
  expect(memory.of(['1', '2'])).toEqual(mapping);
  expect(memory.of(['1'])).toBeNull();
  memory.forget(['1', '2']);
  expect(memory.of(['1', '2'])).toBeNull();
});

it('forgets the one used longest ago beyond fifty', () => {
  const memory = new ColumnMemory(storeOf(new Map()));
  for (let i = 0; i <= 50; i++) memory.keep([`${i}`], mapping);
  expect([memory.of(['0']), memory.of(['1'])]).toEqual([null, mapping]);
});

it('takes damaged contents for none', () => {
  for (const text of ['{', '{}', '[1, ["[]", {}]]'])
    expect(new ColumnMemory(storeOf(new Map([['chronaxie.columns', text]]))).of([])).toBeNull();
});
