/**
 * How long the main process's own thread is ever occupied: the longest delay of its event loop (1 ms resolution) and the thread's processor time,
 * while a 12-parameter run is computed, while its posterior, its conditionals and its predictive traces are asked for, and while a
 * recording is inspected and the prior is drawn over it. What is asked for meanwhile waits as long.
 *
 *   node bench/main-delay.ts                     # the example recording
 *   node bench/main-delay.ts big.nwb        # and a large one (bench/big-recording.ts)
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { AppError } from '../main/contract/errors.ts';
import { asStated } from '../main/contract/recording.ts';
import { createServices } from '../main/shell/services.ts';
import { benchConfig } from './interface-history.ts';

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-delay-'));
const services = createServices({ transport: 'served', history: join(folder, 'history.sqlite') });
const { handlers, fits } = services;

async function watched<T>(what: string, work: () => Promise<T>): Promise<T> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await new Promise((resolve) => setTimeout(resolve, 50)); // it counts from its first tick on
  const before = process.threadCpuUsage();
  const started = performance.now();
  try {
    return await work();
  } finally {
    const seconds = (performance.now() - started) / 1000;
    await new Promise((resolve) => setTimeout(resolve, 20)); // the delay that is just ending is counted too
    delay.disable();
    const { user, system } = process.threadCpuUsage(before);
    console.log(
      `${what.padEnd(44)} ${seconds.toFixed(2).padStart(7)} s; longest delay ${(delay.max / 1e6).toFixed(0).padStart(5)} ms; processor ${((user + system) / 1e6).toFixed(2).padStart(5)} s`,
    );
  }
}

try {
  const { path } = await handlers['recording.example'](undefined);
  const config = benchConfig(path);
  const { id } = fits.start({ config, name: 'twelve parameters' });
  await watched('a run of 12 parameters, 2 rounds × 2,000', () => fits.outcome(id));
  const round = config.rounds;
  for (const which of ['first', 'again']) {
    await watched(`posterior view, ${which}`, () => handlers['posterior.view']({ id, round, grid: 128 }));
  }
  await watched('posterior view of the round before', () =>
    handlers['posterior.view']({ id, round: 1, grid: 128 }),
  );
  await watched('conditional view', () =>
    handlers['posterior.conditional']({ id, round, fixed: { 1: 5 }, grid: 128 }),
  );
  await watched('predictive traces', () =>
    handlers['posterior.predictive']({ id, round, draws: 20, columns: 1200 }),
  );
  for (const recording of [path, ...process.argv.slice(2)]) {
    const source = { recording, sha256: null, sweep: null };
    await watched(`inspecting ${recording.split('/').at(-1)}`, () =>
      handlers['recording.inspect']({ path: recording, reading: asStated }),
    );
    const preview = { config: { ...config, source }, draws: 20, columns: 1200, seed: 1 };
    for (const which of ['first', 'again']) {
      await watched(`prior preview, ${which}`, () => handlers['model.preview'](preview));
    }
  }
  const ending = handlers['posterior.predictive']({ id, round: 1, draws: 20, columns: 1200 }).then(
    () => 'was answered',
    (thrown: unknown) => `ended with «${AppError.from(thrown).code}»`,
  );
  await watched('closing while predictive traces are pending', () => services.close());
  console.log(`the pending question ${await ending}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
