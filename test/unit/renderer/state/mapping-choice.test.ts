import { describe, expect, it } from 'vitest';
import type { TraceMapping } from '../../../../main/contract/recording.ts';
import { choiceOf, columnChoices, mappingOf } from '../../../../renderer/state/mapping-choice.ts';

const likely: TraceMapping = {
  ...{ time: { column: 't', unit: 'ms' }, rateHz: null },
  ...{ voltage: { columns: ['V1'], unit: 'mV' }, current: { columns: ['I'], unit: 'pA' } },
};
const unclear = { columns: ['t', 'V1', 'V2', 'I'], likely };

describe('the form that asks for columns', () => {
  it('begins with what is likely, and gives it back as a mapping', () => {
    expect(mappingOf(choiceOf(unclear))).toEqual(likely);
  });

  it('offers columns that differ in a number alone as one', () => {
    expect(columnChoices(['t', 'V1', 'V2', 'I'])).toEqual(['V*', 't', 'V1', 'V2', 'I']);
    expect(columnChoices(['1', '2', '3'])).toEqual(['1', '2', '3']);
  });

  it('gives nothing while the voltage or the time is missing, or a column is two things', () => {
    const choice = choiceOf(unclear);
    expect(mappingOf({ ...choice, voltage: '' })).toBeNull();
    expect(mappingOf({ ...choice, voltage: 't' })).toBeNull();
    expect(mappingOf({ ...choice, current: 'V1' })).toBeNull();
    expect(mappingOf({ ...choice, time: '' })).toBeNull();
    expect(mappingOf({ ...choice, time: '', rateKhz: '−1' })).toBeNull();
    expect(mappingOf({ ...choice, time: '', rateKhz: '20', current: '' })).toMatchObject({
      rateHz: 20_000,
      current: null,
    });
  });
});
