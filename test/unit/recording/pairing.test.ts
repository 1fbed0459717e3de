import { describe, expect, it } from 'vitest';
import { pairSweeps, type PairingSources } from '../../../main/recording/pairing.ts';
import type { Series } from '../../../main/recording/series.ts';

function series(path: string, change: Partial<Series> = {}): Series {
  return {
    path,
    target: path,
    name: path.slice(path.lastIndexOf('/') + 1),
    mode: 'current-clamp',
    samples: 100,
    rateHz: 1000,
    startS: null,
    sweepNumber: null,
    electrode: null,
    quantity: 'voltage',
    scale: 1,
    shift: 0,
    tenfoldVm: null,
    problem: null,
    ...change,
  };
}

function pair(sources: Partial<PairingSources>) {
  const pairs = pairSweeps({
    responses: [],
    stimuli: [],
    templates: [],
    rows: [],
    sweepTable: new Map(),
    ...sources,
  });
  return pairs.map(({ response, start, count, stimulus }) => [
    response.name,
    start,
    count,
    stimulus?.series.name ?? null,
    stimulus?.start ?? null,
  ]);
}

describe('pairSweeps', () => {
  const whole = (path: string) => ({ path, start: 0, count: 100 });

  it('believes the recordings table before numbers and names', () => {
    const responses = [series('/acquisition/a', { sweepNumber: 1 })];
    const stimuli = [
      series('/stimulus/presentation/a', { sweepNumber: 1 }),
      series('/stimulus/presentation/z'),
    ];
    const rows = [{ response: whole('/acquisition/a'), stimulus: whole('/stimulus/presentation/z') }];
    expect(pair({ responses, stimuli, rows })).toEqual([['a', 0, 100, 'z', 0]]);
  });

  it('goes on to names where the table refers to what was deleted from the file', () => {
    const responses = [series('/acquisition/a'), series('/acquisition/b')];
    const stimuli = [series('/stimulus/presentation/a'), series('/stimulus/presentation/b')];
    const gone = { path: null, start: 0, count: 100 };
    const rows = [
      { response: gone, stimulus: whole('/stimulus/presentation/a') },
      { response: whole('/acquisition/b'), stimulus: gone },
    ];
    expect(pair({ responses, stimuli, rows })).toEqual([
      ['a', 0, 100, 'a', 0],
      ['b', 0, 100, 'b', 0],
    ]);
  });

  it('makes one sweep of every stretch that the table cuts from a long series', () => {
    const rows = [0, 60].map((start) => ({
      response: { path: '/acquisition/long', start, count: 40 },
      stimulus: { path: '/stimulus/presentation/long', start: start + 5, count: 40 },
    }));
    const responses = [series('/acquisition/long')];
    const stimuli = [series('/stimulus/presentation/long')];
    expect(pair({ responses, stimuli, rows })).toEqual([
      ['long', 0, 40, 'long', 5],
      ['long', 60, 40, 'long', 65],
    ]);
  });

  it('cuts a stretch that reaches beyond its series', () => {
    const rows = [{ response: { path: '/acquisition/a', start: 90, count: 40 }, stimulus: null }];
    expect(pair({ responses: [series('/acquisition/a')], rows })).toEqual([['a', 90, 10, null, null]]);
  });

  it('uses the sweep table before equal sweep numbers', () => {
    const responses = [series('/acquisition/r', { sweepNumber: 4 })];
    const stimuli = [series('/s/one'), series('/s/two', { sweepNumber: 4 })];
    const sweepTable = new Map([[4, ['/acquisition/r', '/s/one']]]);
    expect(pair({ responses, stimuli, sweepTable })[0]![3]).toBe('one');
    expect(pair({ responses, stimuli })[0]![3]).toBe('two');
  });

  it.each([
    ['CurrentClampSeries_01', 'CurrentClampStimulusSeries_01'],
    ['ic__Step__3', 'ics__Step__3'],
    ['ccs_7', 'ccss_7'],
    ['Sweep_12', 'Sweep_12'],
    ['sweep_000_response', 'sweep_000_stimulus'],
  ])('knows that %s and %s belong together', (response, stimulus) => {
    const stimuli = [series('/s/other_1'), series(`/s/${stimulus}`)];
    expect(pair({ responses: [series(`/acquisition/${response}`)], stimuli })[0]![3]).toBe(stimulus);
  });

  it('falls back on equal start times, and chooses by name among electrodes that share a number', () => {
    const timed = [series('/s/x', { startS: 3 }), series('/s/y', { startS: 5 })];
    expect(pair({ responses: [series('/acquisition/a', { startS: 5 })], stimuli: timed })[0]![3]).toBe('y');
    const shared = ['cell1_stimulus', 'cell2_stimulus'].map((name) =>
      series(`/s/${name}`, { sweepNumber: 0 }),
    );
    const response = series('/acquisition/cell2_response', { sweepNumber: 0 });
    expect(pair({ responses: [response], stimuli: shared })[0]![3]).toBe('cell2_stimulus');
  });

  it('rather pairs nothing than guesses', () => {
    const stimuli = [series('/s/p', { startS: 1 }), series('/s/q', { startS: 1 })];
    expect(pair({ responses: [series('/acquisition/a', { startS: 1 })], stimuli })[0]![3]).toBeNull();
  });

  it('pairs by the numbers within names, and lets the electrode choose among several', () => {
    const named = (folder: string, kind: string, change: Partial<Series> = {}) =>
      [0, 1].map((e) =>
        series(`/${folder}/data_00007_${kind}${e}`, { electrode: `e${e}`, startS: 0, ...change }),
      );
    const byName = pair({ responses: named('a', 'AD'), stimuli: named('s', 'DA') });
    expect(byName.map(([response, , , stimulus]) => `${response} ${stimulus}`)).toEqual([
      'data_00007_AD0 data_00007_DA0',
      'data_00007_AD1 data_00007_DA1',
    ]);
    const crossed = named('s', 'DA').map((one, e) => ({ ...one, electrode: `e${1 - e}` }));
    expect(pair({ responses: named('a', 'AD'), stimuli: crossed }).map((row) => row[3])).toEqual([
      'data_00007_DA1',
      'data_00007_DA0',
    ]);
  });

  it('does not give a cell the stimulus of its neighbour', () => {
    const responses = [0, 1].map((e) => series(`/a/r${e}`, { electrode: `e${e}`, sweepNumber: 3 }));
    const stimuli = [series('/s/only', { electrode: 'e0', sweepNumber: 3 })];
    expect(pair({ responses, stimuli }).map((row) => row[3])).toEqual(['only', null]);
  });

  it('takes a template only where nothing presented belongs to the response', () => {
    const responses = [series('/a/Sweep_1'), series('/a/Sweep_2')];
    const templates = [series('/t/Sweep_1'), series('/t/Sweep_2')];
    const stimuli = [{ ...series('/s/Sweep_1'), name: 'Sweep_1' }];
    const pairs = pairSweeps({ responses, stimuli, templates, rows: [], sweepTable: new Map() });
    expect(pairs.map(({ stimulus }) => stimulus?.series.path)).toEqual(['/s/Sweep_1', '/t/Sweep_2']);
  });
});
