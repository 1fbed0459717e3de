import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;

/** Where the virtual environment lies: kept between runs, beside the other things that tests leave behind. */
const place = process.env['CHRONAXIE_TEST_PYTHON'] ?? join(folder, '../artefacts/python');
const lists = ['requirements.txt', 'constraints.txt'].map((name) => join(folder, name));

/** A Python with the programs of requirements.txt. */
export interface Python {
  /** Its bin folder, first on the PATH of what is run: nrnivmodl and pynml lie there. */
  bin: string;
  /** Runs a script of this folder and returns what it printed, read as JSON. A failure throws with what it wrote to stderr. */
  json<T>(script: string, ...args: string[]): T;
  /** Runs any program of the environment. */
  run(program: string, args: string[], options?: { cwd?: string; timeoutMs?: number }): string;
}

/** Makes the environment if it is missing or was made from other lists (some minutes, 2 GB; needs python3 and a network). */
export function pythonEnvironment(): Python {
  const bin = join(place, 'bin');
  const made = join(place, 'made-from');
  const wanted = createHash('sha256')
    .update(lists.map((path) => readFileSync(path, 'utf8')).join())
    .digest('hex');
  if (!existsSync(made) || readFileSync(made, 'utf8') !== wanted) {
    mkdirSync(place, { recursive: true });
    execFileSync('python3', ['-m', 'venv', '--clear', place], { stdio: 'inherit' });
    const [requirements, constraints] = lists as [string, string];
    execFileSync(join(bin, 'pip'), ['install', '-q', '-r', requirements, '-c', constraints], {
      stdio: 'inherit',
    });
    writeFileSync(made, wanted);
  }
  const run: Python['run'] = (program, args, { cwd, timeoutMs = 240_000 } = {}) => {
    const { status, stdout, stderr, error } = spawnSync(join(bin, program), args, {
      cwd,
      encoding: 'utf8',
      timeout: timeoutMs,
      maxBuffer: 2 ** 29,
      env: { ...process.env, PATH: `${bin}:${process.env['PATH']}`, VIRTUAL_ENV: place },
    });
    if (error) throw error;
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stderr}`);
    return stdout;
  };
  return {
    bin,
    run,
    json: <T>(script: string, ...args: string[]) =>
      JSON.parse(run('python', ['-W', 'ignore', join(folder, script), ...args])) as T,
  };
}
