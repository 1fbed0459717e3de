import { describe, expect, it } from 'vitest';
import { mappingText, parseMapping } from '../../../main/recording/mapping-text.ts';
import { certainMapping, columnMeaning } from '../../../main/recording/trace-columns.ts';

const column = (name: string, unit: string | null = null) => ({ name, unit, samples: 10, sweeps: 1 });

describe('parseMapping', () => {
  it('reads names with brackets, several columns, and a rate', () => {
    expect(parseMapping('time=Time (ms):ms,voltage=V1+V2:mV,current=I*:pA')).toEqual({
      time: { column: 'Time (ms)', unit: 'ms' },
      rateHz: null,
      voltage: { columns: ['V1', 'V2'], unit: 'mV' },
      current: { columns: ['I*'], unit: 'pA' },
    });
    expect(parseMapping('rate=20kHz,voltage=2:V')).toMatchObject({ rateHz: 20_000, current: null });
  });

  it('reads back what it wrote', () => {
    const text = 'time=t:s,voltage=a/v+b/v:V,current=i:nA';
    expect(mappingText(parseMapping(text))).toBe(text);
  });

  it.each([
    ['', /no part of a mapping/],
    ['voltage=v:mV', /either time= or rate=/],
    ['time=t:ms,rate=20kHz,voltage=v:mV', /either time= or rate=/],
    ['time=t:ms,current=i:pA', /which column is the voltage/],
    ['time=t:ms,voltage=v', /no unit: write voltage=v:mV/],
    ['time=t:mV,voltage=v:mV', /not a unit of time/],
    ['rate=0,voltage=v:mV', /not a sampling rate/],
    ['time=t:ms,voltage=v:pA', /not a unit of voltage/],
    ['time=t:ms,time=u:ms,voltage=v:mV', /twice/],
    ['volts=v:mV', /no part of a mapping/],
  ])('refuses “%s”, and shows the form', (text, message) => {
    expect(() => parseMapping(text)).toThrow(message);
    expect(() => parseMapping(text)).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('time=COLUMN:ms') as string }),
    );
  });
});

describe('columnMeaning', () => {
  it.each([
    ['time (ms)', 'time', 'ms'],
    ['t_s', 'time', 's'],
    ['Vm [mV]', 'voltage', 'mV'],
    ['sweep_0/v_mV', 'voltage', 'mV'],
    ['I_inj (pA)', 'current', 'pA'],
    ['Trace #2 (nA)', 'current', 'nA'],
    ['stimulus', 'current', null],
    ['Iinj', 'current', null],
    ['V1', 'voltage', null],
    ['sweep_s', null, null],
    ['3', null, null],
  ])('of “%s” is %s in %s', (name, role, unit) => {
    expect(columnMeaning(column(name))).toEqual({ role, unit });
  });
});

describe('certainMapping', () => {
  it('wants a unit of every column, and one time', () => {
    const [t, v, i] = [column('t', 'ms'), column('v', 'mV'), column('i', 'pA')];
    expect(certainMapping([t, v, i], null)).not.toBeNull();
    expect(certainMapping([v, i], 20_000)).toMatchObject({ time: null, rateHz: 20_000 });
    expect(certainMapping([v, i], null)).toBeNull();
    expect(certainMapping([t, t, v, i], null)).toBeNull();
    expect(certainMapping([t, column('v'), i], null)).toBeNull();
    expect(certainMapping([t, v, v, v, i, i], null)).toBeNull();
  });
});
