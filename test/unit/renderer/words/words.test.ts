import { describe, expect, it } from 'vitest';
import type { Progress } from '../../../../main/contract/run.ts';
import { baseName, byteSize } from '../../../../renderer/words/file.ts';
import { previewLines } from '../../../../renderer/words/preview.ts';
import { estimateWords, percent, statusParts } from '../../../../renderer/words/run-words.ts';
import { proseParts, symbolParts, symbolText } from '../../../../main/figures/symbol.ts';
import { clock, moment, span } from '../../../../renderer/words/time.ts';
import { warningWords } from '../../../../renderer/words/warnings.ts';

const simulating: Progress = {
  id: 'r',
  phase: 'simulate',
  round: 3,
  rounds: 5,
  simulationsDone: 2140,
  simulationsTotal: 5000,
  simulationsPerSecond: 18_312,
  bad: 31,
  missing: 0,
  ess: 812.3,
  loss: null,
  validationLoss: null,
  epoch: null,
  etaSeconds: 7,
};

describe('the status line', () => {
  it('says round, counts, speed, bad, ESS and the time left', () => {
    expect(statusParts(simulating)).toEqual([
      'round 3/5',
      'simulating 2,140 of 5,000',
      '18,300/s',
      '31 bad',
      'ESS 812',
      '0:07 left',
    ]);
  });
  it('says the epoch and the held-out loss while it trains, and no speed', () => {
    const training = {
      ...simulating,
      phase: 'train',
      epoch: 21,
      validationLoss: 7.5521,
      etaSeconds: null,
    } as const;
    expect(statusParts(training)).toEqual([
      'round 3/5',
      'training, epoch 21',
      'held-out loss 7.552',
      '31 bad',
      'ESS 812',
    ]);
  });
  it('says the generation of a search, which simulates all the while', () => {
    const search = { ...simulating, epoch: 12, ess: null, bad: 0, etaSeconds: null } as const;
    expect(statusParts(search)).toEqual([
      'round 3/5',
      'simulating 2,140 of 5,000',
      'generation 12',
      '18,300/s',
    ]);
  });
  it('leaves out what is not known', () => {
    const start = { ...simulating, phase: 'prepare', round: 0, bad: 0, ess: null, etaSeconds: null } as const;
    expect(statusParts(start)).toEqual(['reading the recording']);
  });
});

describe('symbols', () => {
  it('sets what stands after the underscore as the subscript, and keeps a leading sign apart', () => {
    expect(symbolParts('g_Na')).toEqual({ sign: '', base: 'g', subscript: 'Na' });
    expect(symbolParts('−V_T')).toEqual({ sign: '−', base: 'V', subscript: 'T' });
    expect(symbolParts('-E_l')).toEqual({ sign: '−', base: 'E', subscript: 'l' });
    expect(symbolParts('σ')).toEqual({ sign: '', base: 'σ', subscript: '' });
    expect(symbolText('τ_{max}')).toBe('τ_max');
  });
  it('finds symbols in sentences and leaves file names alone', () => {
    expect(proseParts('at E_Na = 53 mV').map((part) => part.symbol)).toEqual([false, true, false]);
    expect(
      proseParts('from τ_m/R_in')
        .filter((part) => part.symbol)
        .map((part) => part.text),
    ).toEqual(['τ_m', 'R_in']);
    expect(proseParts('see my_long_file.nwb').some((part) => part.symbol)).toBe(false);
  });
});

describe('times, sizes and shares', () => {
  it('writes a clock with hours only where there are any', () => {
    expect(clock(7)).toBe('0:07');
    expect(clock(3750)).toBe('1:02:30');
    expect(clock(-3)).toBe('0:00');
  });
  it('writes a run’s length in seconds, from two minutes on as a clock', () => {
    expect(span(1.84)).toBe('1.8\u2009s');
    expect(span(22.3)).toBe('22.3\u2009s');
    expect(span(240)).toBe('4:00');
  });
  it('shows the time of a run of today and the day of an older one', () => {
    const now = new Date('2026-03-05T12:00:00');
    expect(moment('2026-03-05T09:05:00', now)).toBe('09:05');
    expect(moment('2026-03-02T09:05:00', now)).toBe('2 Mar');
    expect(moment('2024-03-02T09:05:00', now)).toBe('2 Mar 2024');
    expect(moment('never', now)).toBe('');
  });
  it('keeps a decimal of small shares', () => {
    expect(percent(0.1234)).toBe('12\u2009%');
    expect(percent(0.0123)).toBe('1.2\u2009%');
    expect(percent(0)).toBe('0\u2009%');
  });
  it('takes the name of a file from paths of any platform', () => {
    expect(baseName('C:\\data\\cell 3.nwb')).toBe('cell 3.nwb');
    expect(baseName('/data/cell.nwb')).toBe('cell.nwb');
    expect(byteSize(23_200)).toBe('23.2\u2009kB');
  });
});

describe('an estimate', () => {
  const like = 'cell 3';
  it('says what a fit would take and where that is known from, in round numbers', () => {
    const words = (seconds: number) => estimateWords({ simulations: 25_000, seconds, like });
    expect(words(12)).toBe(
      '25,000 simulations; about 15 seconds, at the speed of «cell 3» on this computer.',
    );
    expect(words(70)).toContain('about a minute');
    expect(words(200)).toContain('about 3 minutes');
    expect(words(3600 * 1.99)).toContain('about 2\u2009h 0\u2009min');
  });
  it('counts every sweep’s run, and says so where nothing is known', () => {
    const estimate = { simulations: 1000, seconds: 30, like };
    expect(estimateWords(estimate, 4)).toBe(
      '1,000 simulations for each sweep; about 2 minutes in all, at the speed of «cell 3» on this computer.',
    );
    expect(estimateWords({ ...estimate, seconds: null, like: null })).toContain(
      'not known before a first run',
    );
  });
});

describe('what is offered', () => {
  it('previews the first lines and says that more follow', () => {
    const short = previewLines(new TextEncoder().encode('a,b\n1,2\n'));
    expect(short).toEqual({ lines: ['a,b', '1,2'], more: 0 });
    const long = previewLines(new TextEncoder().encode('row\n'.repeat(100)));
    expect(long.lines).toHaveLength(14);
    expect(long.more).toBe(400 - 14 * 4);
  });
  it('names the field on the screen in place of a configuration key', () => {
    const remedy = 'set cell.liquidJunctionMv';
    expect(warningWords({ code: 'liquid-junction-potential', message: 'm', remedy }).remedy).not.toContain(
      'cell.',
    );
    expect(warningWords({ code: 'cut-at-nan', message: 'm', remedy }).remedy).toBe(remedy);
  });
});
