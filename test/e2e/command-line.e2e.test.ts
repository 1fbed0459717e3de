import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** The launcher and the built command line, ended in every way that a person or a machine ends a program. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const example = join(root, 'resources/examples/18711001-steps.nwb');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chronaxie-e2e-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Started {
  child: ChildProcess;
  /** What came on stdout, and on both, so far. */
  stdout: () => string;
  output: () => string;
  /** Resolves once the text has come. */
  says: (text: string) => Promise<void>;
  ended: Promise<number | NodeJS.Signals>;
}
function chronaxie(history: string, ...args: string[]): Started {
  const child = spawn(process.execPath, [join(root, 'bin/chronaxie.mjs'), ...args], {
    cwd: folder,
    env: { ...process.env, CHRONAXIE_HISTORY: join(folder, history) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, output] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const collect = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  const says = async (text: string) => {
    while (!output.includes(text)) {
      if (child.exitCode !== null) throw new Error(`it ended without “${text}”: ${output}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { child, stdout: () => stdout, output: () => output, says, ended };
}

const fit = ['fit', example, '--rounds', '3', '--simulations', '1000', '--samples', '500'];

async function firstRun(history: string): Promise<{ id: string; roundsDone: number; state: string }> {
  const list = chronaxie(history, 'runs', 'list', '--json');
  expect(await list.ended).toBe(0);
  return (JSON.parse(list.stdout()) as { runs: [{ id: string; roundsDone: number; state: string }] }).runs[0];
}
const samplesOf = (out: string) => readFileSync(join(folder, out, 'posterior-samples.csv'), 'utf8');

it('continues a fit that was killed, or cancelled, with the numbers of an uninterrupted one', async () => {
  const whole = chronaxie('whole.sqlite', ...fit, '--out', 'whole');
  expect(await whole.ended).toBe(0);

  const killed = chronaxie('killed.sqlite', ...fit, '--out', 'killed');
  await killed.says('round 1/3');
  killed.child.kill('SIGKILL');
  expect(await killed.ended).toBe('SIGKILL');
  const left = await firstRun('killed.sqlite');
  expect(left.state).toBe('interrupted');
  expect(left.roundsDone).toBeGreaterThanOrEqual(1);
  expect(left.roundsDone).toBeLessThan(3);

  const cancelled = chronaxie('killed.sqlite', 'runs', 'resume', left.id, '--out', 'killed');
  await cancelled.says(`round ${left.roundsDone + 1}/3`);
  cancelled.child.kill('SIGINT');
  expect([0, 4]).toContain(await cancelled.ended); // 0 where it was done before the signal came
  if (cancelled.child.exitCode === 4) {
    expect(cancelled.output()).toContain(`chronaxie runs resume ${left.id}`);
    expect(await chronaxie('killed.sqlite', 'runs', 'resume', left.id, '--out', 'killed').ended).toBe(0);
  }
  expect(samplesOf('killed')).toBe(samplesOf('whole'));
});

it('fits a folder of cells with one network, lists what it cannot fit, and goes on after a kill', async () => {
  const cells = join(folder, 'cells');
  mkdirSync(cells);
  writeFileSync(join(cells, 'notes.txt'), 'Two cells and a half.');
  for (const name of ['cell2.nwb', 'cell10.nwb']) copyFileSync(example, join(cells, name));
  // The same samples in a file of its own: another content hash, another cell.
  appendFileSync(join(cells, 'cell10.nwb'), Buffer.alloc(8));
  writeFileSync(join(cells, 'cut.nwb'), readFileSync(example).subarray(0, 5000));
  const config = join(folder, 'npe.json');
  writeFileSync(config, JSON.stringify({ network: { family: 'mixture', hidden: [10] }, training: { maxEpochs: 20 } })); // prettier-ignore
  const all = ['fit', 'cells', '--algorithm', 'npe', '--config', config, '--simulations', '2000', '--samples', '300', '--out', 'all']; // prettier-ignore

  const killed = chronaxie('cells.sqlite', ...all);
  await killed.says('2/3 cells');
  killed.child.kill('SIGKILL');
  await killed.ended;

  const again = chronaxie('cells.sqlite', ...all);
  expect(await again.ended).toBe(3);
  expect(again.output()).toContain('3 recordings; 1 other files and folders are left alone');
  expect(again.output()).toContain('It is fitted already');
  expect(again.output()).toContain('2 of 3 recordings are fitted.');
  const [header, ...rows] = readFileSync(join(folder, 'all/summary.csv'), 'utf8').trimEnd().split('\n');
  const column = (name: string) => rows.map((row) => row.split(',')[header!.split(',').indexOf(name)]!);
  expect(column('file').map((file) => basename(file))).toEqual(['cell2.nwb', 'cell10.nwb', 'cut.nwb']);
  expect(column('networkOf')).toEqual(['', column('id')[0], '']);
  expect(column('error')[2]).toContain('truncated');
  // One network and one observation: one posterior.
  expect(samplesOf('all/cell10')).toBe(samplesOf('all/cell2'));
}, 120_000);

it('goes on with a folder after Ctrl-C, round by round, and knows a cell that was moved', async () => {
  const cells = join(folder, 'slices');
  mkdirSync(cells);
  for (const name of ['a.nwb', 'c.nwb']) copyFileSync(example, join(cells, name));
  appendFileSync(join(cells, 'c.nwb'), Buffer.alloc(8));
  writeFileSync(join(cells, 'b.nwb'), readFileSync(example).subarray(0, 5000));
  const all = [
    'fit',
    'slices',
    '--rounds',
    '2',
    '--simulations',
    '1000',
    '--samples',
    '300',
    '--out',
    'each',
  ];
  const status = () => {
    const [header, ...rows] = readFileSync(join(folder, 'each/summary.csv'), 'utf8').trimEnd().split('\n');
    const at = (name: string) => header!.split(',').indexOf(name);
    return rows.map((row) => [basename(row.split(',')[at('file')]!), row.split(',')[at('status')]!]);
  };

  const stopped = chronaxie('slices.sqlite', ...all);
  await stopped.says('round 1/2');
  stopped.child.kill('SIGINT');
  expect(await stopped.ended).toBe(4);
  expect(stopped.output()).toContain('The same command goes on where this one was stopped.');
  expect(status()).toEqual([['a.nwb', 'cancelled'], ['b.nwb', 'cancelled'], ['c.nwb', 'cancelled']]); // prettier-ignore

  const { id } = await firstRun('slices.sqlite');
  const again = chronaxie('slices.sqlite', ...all, '--json');
  expect(await again.ended).toBe(3);
  expect(again.output()).toContain(`The run ${id} goes on.`);
  expect(status()).toEqual([['a.nwb', 'fitted'], ['b.nwb', 'failed'], ['c.nwb', 'fitted']]); // prettier-ignore
  const { results } = JSON.parse(again.stdout()) as { results: { id?: string; error?: { code: string } }[] };
  expect(results.map(({ error }) => error?.code ?? null)).toEqual([null, 'file-unreadable', null]);
  expect(results[0]!.id).toBe(id);

  renameSync(join(cells, 'a.nwb'), join(folder, 'moved.nwb'));
  const moved = chronaxie('slices.sqlite', 'fit', 'moved.nwb', '--rounds', '1', '--simulations', '500', '--samples', '100', '--out', 'moved'); // prettier-ignore
  expect(await moved.ended).toBe(0);
  expect(moved.output()).toContain(`fitted before (then at ${join(cells, 'a.nwb')}): ${id}, finished.`);
}, 240_000);

it('cancels with Ctrl-C, ends with 4, and says how to go on', async () => {
  const started = chronaxie('cancel.sqlite', 'fit', example, '--rounds', '9', '--simulations', '2000');
  await started.says('round 1/9');
  started.child.kill('SIGINT');
  expect(await started.ended).toBe(4);
  const { id, state, roundsDone } = await firstRun('cancel.sqlite');
  expect(state).toBe('cancelled');
  expect(roundsDone).toBeGreaterThanOrEqual(1);
  expect(started.output()).toContain(`chronaxie runs resume ${id}`);
});

it('serves on the loopback address until Ctrl-C', async () => {
  const served = chronaxie('serve.sqlite', 'serve', '--no-open');
  await served.says('?token=');
  const [url] = /http:\/\/127\.0\.0\.1:\d+\/\?token=[0-9a-f]{64}/.exec(served.output())!;
  const page = await fetch(url);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<title>Chronaxie</title>');
  expect((await fetch(new URL('/', url))).status).toBe(403);
  served.child.kill('SIGINT');
  expect(await served.ended).toBe(0);
});
