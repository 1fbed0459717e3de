import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { summarySchema, type Summary } from '../../main/contract/run.ts';

const root = join(import.meta.dirname, '../..');

/** A small run in a history of its own. The folder is for whoever asks to remove. */
export interface Fitted {
  folder: string;
  /** What `--out` names. */
  out: string;
  summary: Summary;
  /** Runs the command line on this history, from this folder; a failure throws what it said. */
  chronaxie(...args: string[]): string;
}

/** Of the bundled recording. */
export function fitted(...more: string[]): Fitted {
  const recording = join(root, 'resources/examples/18711001-steps.nwb');
  return smallRun('fit', recording, '--sweep', '4', ...more);
}

/** Of a simulator module with two parameters. */
export function inferred(): Fitted {
  const simulator = join(root, 'resources/examples/simulators/gaussian-mixture-2d');
  return smallRun(
    'infer',
    '--simulator',
    `${simulator}.mjs`,
    '--observation',
    `${simulator}-observation.csv`,
  );
}

function smallRun(...what: string[]): Fitted {
  const folder = mkdtempSync(join(tmpdir(), 'chronaxie-interop-'));
  const out = join(folder, 'fit');
  const chronaxie = (...args: string[]) => {
    const env = { ...process.env, CHRONAXIE_HISTORY: join(folder, 'history.sqlite') };
    const call = [join(root, 'main/shell/cli.ts'), ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, call, {
      ...{ cwd: folder, env, encoding: 'utf8', timeout: 280_000 },
    });
    if (status !== 0) throw new Error(`chronaxie ${args.join(' ')} ended with ${status}:\n${stderr}`);
    return stdout;
  };
  const config = join(folder, 'config.json');
  writeFileSync(
    config,
    JSON.stringify({ network: { family: 'mixture', hidden: [8] }, training: { maxEpochs: 5 } }),
  );
  chronaxie(
    ...[...what, '--config', config, '--rounds', '2', '--simulations', '200'],
    ...['--samples', '500', '--seed', '5', '--out', out],
  );
  const summary = summarySchema.parse(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')));
  return { folder, out, summary, chronaxie };
}
