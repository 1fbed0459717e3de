import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrationSchema } from '../../../main/contract/calibration.ts';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { modelSummarySchema } from '../../../main/contract/model.ts';
import { inspectionSchema } from '../../../main/contract/recording.ts';
import { summarySchema } from '../../../main/contract/run.ts';

/** The command line as a program: what it writes where, and how it ends. */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const example = join(root, 'resources/examples/18711001-steps.nwb');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chronaxie-cli-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}
function chronaxie(...args: string[]): Promise<Ended> {
  const env = { ...process.env, CHRONAXIE_HISTORY: join(folder, 'history.sqlite'), NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'main/shell/cli.ts'), ...args],
      { cwd: folder, env },
      (error, out, err) => {
        resolve({ code: error ? Number(error.code) : 0, stdout: out, stderr: err });
      },
    );
  });
}
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('columns that do not tell what they are', () => {
  /** A passive cell of 100 MΩ and 10 ms, with a bare header: in ms, mV and pA, which only a person knows. */
  const table = (pa: number) => {
    const lines = ['a,b,c'];
    let mv = -70;
    for (let i = 0; i < 3000; i++) {
      const applied = i >= 1000 && i < 2000 ? pa : 0;
      lines.push(`${(i * 0.1).toFixed(1)},${mv.toFixed(4)},${applied}`);
      mv += (0.1 / 10) * (-70 + 0.1 * applied - mv);
    }
    return lines.join('\n');
  };
  const map = 'time=a:ms,voltage=b:mV,current=c:pA';

  it('are asked for, and remembered for the next file with the same by every command', async () => {
    const cells = join(folder, 'tables');
    mkdirSync(cells);
    const one = file('tables/one.csv', table(50));
    const two = file('tables/two.csv', table(-50));
    file('tables/results.csv', 'x,y\n1,2\n3,4\n');
    const memory = ['--history', join(folder, 'columns.sqlite')];
    const asked = await chronaxie('inspect', one, ...memory);
    expect([asked.code, asked.stderr]).toEqual([3, expect.stringContaining('--map "')]);
    expect(existsSync(memory[1]!)).toBe(false);
    expect((await chronaxie('inspect', one, '--map', map, ...memory)).code).toBe(0);
    const next = await chronaxie('inspect', two, '--json', ...memory);
    expect(next.stderr).toContain(`two.csv: the columns are read as said before, --map "${map}".`);
    expect(inspectionSchema.parse(JSON.parse(next.stdout)).sweeps[0]!.current.steps).toMatchObject([
      { amplitudePa: -50 },
    ]);
    const small = ['--model', 'izhikevich', '--algorithm', 'npe', '--rounds', '1', '--simulations', '200'];
    const out = join(folder, 'fitted');
    const fit = await chronaxie('fit', cells, ...small, '--samples', '100', '--out', out, ...memory);
    expect([fit.code, fit.stderr]).toEqual([0, expect.stringContaining('2 of 2 recordings are fitted')]);
    const { cell } = fitConfigSchema.parse(JSON.parse(readFileSync(join(out, 'two/config.json'), 'utf8')));
    expect(cell.mapping).toMatchObject({ voltage: { columns: ['b'], unit: 'mV' } });
  }, 120_000);

  it('are read with a history that cannot be written, which is said', async () => {
    const bad = file('no-history.sqlite', 'this is no database');
    const { code, stderr } = await chronaxie(
      ...['inspect', file('alone.csv', table(50)), '--map', map, '--history', bad],
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining('the columns cannot be remembered')]);
  });
});

describe('inspect', () => {
  it('prints one document with every sweep of the example', async () => {
    const { code, stdout } = await chronaxie('inspect', example, '--json');
    expect(code).toBe(0);
    const { sweeps } = inspectionSchema.parse(JSON.parse(stdout));
    expect(sweeps.map((sweep) => sweep.spikes)).toEqual([0, 0, 0, 4, 6, 7]);
  });

  it('ends with 3 for a file that is not there, and says so in the document', async () => {
    const { code, stdout, stderr } = await chronaxie('inspect', '/nowhere/cell.nwb', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'file-not-found' } });
    expect(stderr).toContain('/nowhere/cell.nwb');
  });
});

describe('features', () => {
  it('writes one row a sweep', async () => {
    const csv = join(folder, 'features.csv');
    expect((await chronaxie('features', example, '--sweep', '3', '5', '--csv', csv)).code).toBe(0);
    const [header, ...rows] = readFileSync(csv, 'utf8').trim().split('\n');
    expect(header).toBe('sweep,spikeCount,restMean,restStd,stimMean,stimVar,stimSkew,stimKurt');
    expect(rows.map((row) => row.split(',').slice(0, 2))).toEqual([
      ['3', '4'],
      ['5', '7'],
    ]);
  });

  it('refuses a sweep that does not exist and lists those that do', async () => {
    const { code, stderr } = await chronaxie('features', example, '--sweep', '9');
    expect(code).toBe(3);
    expect(stderr).toContain('no sweep 9');
    expect(stderr).toContain('0, 1, 2, 3, 4, 5');
  });
});

describe('simulate', () => {
  const theta = 'gNa,gK,gl,gM,tauMax,negVT,sigma,negEl';
  const protocol = {
    dtMs: 0.01,
    durationMs: 120,
    initialMv: -70,
    stimulus: [{ startMs: 10, endMs: 110, uAPerCm2: 3.24806 }],
  };

  it('reproduces the spikes of the reference parameters', async () => {
    const params = file('params.csv', `${theta}\n50,5,.1,.07,600,60,0,70\n`);
    const stimulus = file('protocol.json', JSON.stringify(protocol));
    const out = join(folder, 'simulated.csv');
    const { code, stdout } = await chronaxie(
      ...['simulate', '--model', 'hh8', '--params', params, '--protocol', stimulus, '--out', out],
      ...['--features', '--precision', 'f64', '--workers', '1', '--json'],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ simulations: 1, workers: 1, bad: 0 });
    const [header, row] = readFileSync(out, 'utf8').trim().split('\n');
    expect(header!.split(',').at(-1)).toBe('spikeTimesMs');
    // Spike times of the reference simulation at these parameters, ms (test/reference, first row).
    expect(row!.split(',').at(-1)).toBe('19.54 34.26 51.31 70.82 92.68');
  });

  it('writes part after part of very many simulations, each with noise of its own', async () => {
    const rows = 20_050; // one part holds 20,000
    const params = file('many.csv', `${theta}\n${'50,5,.1,.07,600,60,.1,70\n'.repeat(rows)}`);
    const short = {
      dtMs: 0.1,
      durationMs: 3,
      initialMv: -70,
      stimulus: [{ startMs: 1, endMs: 2, uAPerCm2: 3 }],
    };
    const stimulus = file('short.json', JSON.stringify(short));
    const out = join(folder, 'many-features.csv');
    const { code } = await chronaxie(
      ...[
        'simulate',
        '--model',
        'hh8',
        '--params',
        params,
        '--protocol',
        stimulus,
        '--out',
        out,
        '--features',
      ],
    );
    expect(code).toBe(0);
    const written = readFileSync(out, 'utf8').trimEnd().split('\n').slice(1);
    expect(written).toHaveLength(rows);
    const distinct = new Set(written.map((row) => row.split(',').slice(1, 7).join(',')));
    expect(distinct.size).toBe(rows);
  });

  it('says how long a step took, also of a job of a few milliseconds', async () => {
    const params = file('params.csv', `${theta}\n50,5,.1,.07,600,60,0,70\n`);
    const stimulus = file('protocol.json', JSON.stringify(protocol));
    const { stdout } = await chronaxie(
      ...['simulate', '--model', 'hh8', '--params', params, '--protocol', stimulus],
      ...['--out', join(folder, 'timed.csv'), '--workers', '2', '--json'],
    );
    const told = JSON.parse(stdout) as { seconds: number; nsPerStepAndCore: number };
    // 12,000 steps: a nanosecond each is faster than any processor computes eight exponentials.
    expect(told.nsPerStepAndCore).toBeGreaterThan(1);
    // Both workers were at it for no longer than the command says that it took.
    expect(told.nsPerStepAndCore).toBeLessThan((2 * told.seconds * 1e9) / 12_000);
  });

  it('writes digits that give back the numbers of either precision', async () => {
    const params = file('params.csv', `${theta}\n50,5,.1,.07,600,60,.1,70\n`);
    const stimulus = file('protocol.json', JSON.stringify({ ...protocol, durationMs: 15 }));
    const lastOf = async (precision: string) => {
      const out = join(folder, `${precision}.csv`);
      const args = ['--model', 'hh8', '--params', params, '--protocol', stimulus, '--out', out];
      const { stderr } = await chronaxie('simulate', ...args, '--precision', precision);
      expect(stderr).toContain('1 of 1 steps go on after durationMs');
      return readFileSync(out, 'utf8').trim().split('\n').at(-1)!.split(',')[1]!;
    };
    const [single, double] = [await lastOf('f32'), await lastOf('f64')];
    expect(single).toBe(String(Number(Math.fround(Number(single)).toPrecision(9))));
    expect(double.replace(/[-.]/g, '').length).toBeGreaterThan(12);
    expect(Number(double)).toBeCloseTo(Number(single), 2); // the same noise, before the first spike
  });

  it('names the line and the nearest key of a mistyped protocol', async () => {
    const params = file('params.csv', `${theta}\n50,5,.1,.07,600,60,0,70\n`);
    const { dtMs, ...rest } = protocol;
    const stimulus = file('mistyped.json', JSON.stringify({ dtms: dtMs, ...rest }, null, 1));
    const { code, stderr } = await chronaxie(
      ...['simulate', '--model', 'hh8', '--params', params, '--protocol', stimulus, '--out', 'x.csv'],
    );
    expect(code).toBe(3);
    expect(stderr).toContain('mistyped.json, line 2: there is no key “dtms”; did you mean “dtMs”?');
  });

  it('ends with 3 where the output cannot be written', async () => {
    const params = file('params.csv', `${theta}\n50,5,.1,.07,600,60,0,70\n`);
    const stimulus = file('protocol.json', JSON.stringify(protocol));
    const { code, stderr } = await chronaxie(
      ...['simulate', '--model', 'hh8', '--params', params, '--protocol', stimulus, '--out', folder],
    );
    expect(code).toBe(3);
    expect(stderr).toContain(`${folder} cannot be written`);
  });

  it('writes one column a parameter row', async () => {
    const params = file('two.csv', `${theta}\n50,5,.1,.07,600,60,.1,70\n40,5,.1,.07,600,60,.1,70\n`);
    const stimulus = file('protocol.json', JSON.stringify(protocol));
    const out = join(folder, 'traces.csv');
    const args = ['simulate', '--model', 'hh8', '--params', params, '--protocol', stimulus, '--out', out];
    expect((await chronaxie(...args)).code).toBe(0);
    const lines = readFileSync(out, 'utf8').trim().split('\n');
    expect(lines[0]).toBe('timeMs,v0,v1');
    expect(lines[1]).toBe('0,-70,-70');
    expect(lines[2]).toMatch(/^0\.01,-?\d/);
  });

  it('refuses a table with its line', async () => {
    const params = file('bad.csv', `${theta}\n50,5,.1,.07,600,60,.1,70\n50,5,,.07,600,60,.1,70\n`);
    const stimulus = file('protocol.json', JSON.stringify(protocol));
    const { code, stderr } = await chronaxie(
      ...[
        'simulate',
        '--model',
        'hh8',
        '--params',
        params,
        '--protocol',
        stimulus,
        '--out',
        join(folder, 'x.csv'),
      ],
    );
    expect(code).toBe(3);
    expect(stderr).toContain('bad.csv, line 3: gl is empty');
  });
});

describe('calibrate', () => {
  it('says the cost first, then how often the posterior held the truth; the run remembers it', async () => {
    const observation = file('observed.csv', 'x,y\n0.8,1.5\n');
    const simulator = join(root, 'test/support/simulators/linear-gaussian.mjs');
    const settings = file(
      'calibrate.json',
      JSON.stringify({ training: { maxEpochs: 30 }, network: { hidden: [20] } }),
    );
    const source = ['--simulator', simulator, '--observation', observation, '--config', settings];
    const small = ['--algorithm', 'npe', '--simulations', '1500', '--samples', '600', '--workers', '2'];
    const fitted = await chronaxie('infer', ...source, ...small, '--out', join(folder, 'cal'), '--json');
    const { id } = JSON.parse(fitted.stdout) as { id: string };

    const { code, stdout, stderr } = await chronaxie('calibrate', id, '--simulations', '60', '--json');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Simulates 60 parameter sets from the prior and asks the trained network/);
    const calibration = calibrationSchema.parse(JSON.parse(stdout));
    expect(calibration).toMatchObject({ id, method: 'network', compared: 60 });

    const shown = await chronaxie('runs', 'show', id);
    expect(shown.stdout).toMatch(/Calibration of .*60 of 60 simulations compared/);
    expect(shown.stdout).toMatch(/90 %\s+\d+\.\d %\s+\d+\.\d … \d+\.\d %/);
    const json = JSON.parse((await chronaxie('runs', 'show', id, '--json')).stdout) as {
      calibration: unknown;
    };
    expect(json.calibration).toEqual(JSON.parse(stdout));
    // A minute is a minute on every machine: ten thousand comparisons take more.
    const long = await chronaxie('calibrate', id, '--simulations', '10000');
    expect(long.code).toBe(2);
    expect(long.stderr).toMatch(/not begun[^]*--yes/);
  }, 60_000);

  it('ends with 3 for a run that never was and with 2 for too few simulations', async () => {
    expect((await chronaxie('calibrate', 'nothing')).code).toBe(3);
    const { code, stderr } = await chronaxie('calibrate', 'nothing', '--simulations', '5');
    expect(code).toBe(2);
    expect(stderr).toMatch(/whole number from 20 to 10000/);
  });
});

describe('fit', () => {
  it('writes its results, tells the rounds on stderr, and finds itself in the history', async () => {
    const out = join(folder, 'fit');
    const args = ['--rounds', '2', '--simulations', '200', '--samples', '300', '--seed', '4'];
    const fitted = await chronaxie('fit', example, '--sweep', '4', ...args, '--out', out, '--json');
    expect(fitted.code).toBe(0);
    const summary = summarySchema.parse(JSON.parse(fitted.stdout));
    expect(summary.recording?.sweeps).toEqual([4]);
    expect(fitted.stderr).toMatch(/round 1\/2: 200 simulations.*\nround 2\/2: 200 simulations/);
    const samples = readFileSync(join(out, 'posterior-samples.csv'), 'utf8').trim().split('\n');
    expect(samples[0]).toBe('gNa,gK,gl,gM,tauMax,negVT,sigma,negEl');
    expect(samples).toHaveLength(301);

    const again = join(folder, 'again');
    await chronaxie('fit', '--config', join(out, 'config.json'), '--out', again);
    expect(readFileSync(join(again, 'posterior-samples.csv'), 'utf8')).toBe(`${samples.join('\n')}\n`);

    const listed = JSON.parse((await chronaxie('runs', 'list', '--json')).stdout) as {
      runs: { id: string }[];
    };
    expect(listed.runs.map((run) => run.id)).toContain(summary.id);
    const csv = join(folder, 'exported.csv');
    expect((await chronaxie('export', summary.id, '--format', 'csv', '--out', csv)).code).toBe(0);
    expect(readFileSync(csv, 'utf8')).toBe(`${samples.join('\n')}\n`);
    expect(JSON.parse((await chronaxie('runs', 'delete', summary.id, '--json')).stdout)).toEqual({
      id: summary.id,
      deleted: true,
    });
    expect((await chronaxie('runs', 'show', summary.id)).code).toBe(3);
  });

  it('prints the complete configuration and its schema', async () => {
    const printed = JSON.parse((await chronaxie('fit', '--print-config')).stdout) as unknown;
    expect(printed).toEqual(fitConfigSchema.parse({}));
    const schema = JSON.parse((await chronaxie('fit', '--print-schema')).stdout) as { properties: object };
    expect(Object.keys(schema.properties)).toContain('simulations');
  });

  it('lays --sweep over the sweep of a configuration', async () => {
    const config = file('sweep.json', JSON.stringify({ source: { recording: example, sweep: 4 } }));
    const printed = await chronaxie('fit', '--config', config, '--sweep', '5', '--print-config');
    expect(JSON.parse(printed.stdout)).toMatchObject({ source: { recording: example, sweep: 5 } });
  });

  it('notes that a capacitance was measured on another recording', async () => {
    const settled = { source: { recording: example, sweep: 4 }, cell: { capacitancePf: 89.25 } };
    const config = file('settled.json', JSON.stringify(settled));
    const { stderr } = await chronaxie('fit', 'other.nwb', '--config', config, '--print-config');
    expect(stderr).toContain('other.nwb: the capacitance of the configuration, 89.3 pF, is used');
    const same = await chronaxie('fit', example, '--config', config, '--print-config');
    expect(same.stderr).toBe('');
  });

  it('refuses an unknown key of the configuration with its line', async () => {
    const config = file('config.json', '{\n  "simulation": {\n    "dt": 0.01\n  }\n}\n');
    const { code, stderr } = await chronaxie('fit', example, '--config', config);
    expect(code).toBe(3);
    expect(stderr).toContain('config.json, line 3: there is no key “simulation.dt”; did you mean “dtMs”?');
  });
});

it.each([
  ['an unknown option', ['fit', example, '--rouns', '3'], 'Did you mean --rounds?'],
  ['an unknown command', ['insepct', example], 'Did you mean inspect?'],
  ['an unknown command of a group', ['runs', 'shw'], 'Did you mean show?'],
  ['a value out of range', ['fit', example, '--rounds', '0'], 'from 1 to 100'],
  ['a recording that was not given', ['fit'], 'No recording was given'],
  ['strictness on a graphics card', ['fit', example, '--device', 'cuda', '--strict'], '--device cpu'],
  ['the features of a trace, which has none', ['features', example, '--set', 'trace'], 'moments'],
  [
    'the traces of several sweeps',
    ['fit', example, '--sweep', '3', '--sweep', '4', '--features', 'trace'],
    'traces of several sweeps',
  ],
  ['figures of a table', ['export', 'x', '--format', 'csv', '--figures', 'f'], 'report'],
])('ends with 2 for %s', async (_what, args, hint) => {
  const { code, stderr, stdout } = await chronaxie(...args);
  expect(stderr).toContain(hint);
  expect(code).toBe(2);
  expect(stdout).toBe('');
});

it('lists models and devices as documents', async () => {
  const models = JSON.parse((await chronaxie('models', '--json')).stdout) as unknown[];
  expect(models.map((model) => modelSummarySchema.parse(model).name)).toEqual(
    expect.arrayContaining(['hh8', 'hh12', 'adex']),
  );
  const { devices } = JSON.parse((await chronaxie('devices', '--json')).stdout) as { devices: object[] };
  expect(devices).toMatchObject([
    { device: 'cpu', available: true, reason: null },
    { device: 'cuda' },
    { device: 'webgpu' },
  ]);
  expect((devices[0] as { description: string }).description).toMatch(
    /native kernels \((AVX2|AVX-512|NEON)\)|WebAssembly.*The native kernels are/,
  );
  const { device, available, description, reason } = devices[1] as Record<string, unknown>;
  expect(Object.keys(devices[1]!)).toEqual(['device', 'available', 'description', 'reason']);
  expect({ device, description }).toEqual({
    device: 'cuda',
    description: 'NVIDIA graphics card through TensorFlow',
  });
  // Where there is none, what is missing and how to get it.
  if (available !== true) expect(reason).toMatch(/(not installed|no NVIDIA card).* CUDA 11\.2 /);
});

it('takes --history before and after the names of the commands', async () => {
  const known = join(folder, 'other.sqlite');
  const places = [
    ['--history', known, 'runs', 'list', '--json'],
    ['runs', '--history', known, 'list', '--json'],
    ['runs', 'list', '--history', known, '--json'],
    ['runs', '--history', known, '--json'],
  ];
  for (const args of places) {
    rmSync(known, { force: true });
    const { code, stdout } = await chronaxie(...args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ runs: [] });
    expect(existsSync(known)).toBe(true); // opened: made
  }
});
