import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FitConfigInput, fitConfigSchema } from '../../main/contract/config.ts';
import { History } from '../../main/history/history.ts';
import type { ResultRecord } from '../../main/inference/fit-store.ts';
import { runFit } from '../../main/inference/run-fit.ts';
import { type StatisticalTask, writeObservation } from './tasks/task.ts';

/** Runs the whole fit of a task as `chronaxie infer` would, in a history of its own. */
export async function fitTask(
  task: StatisticalTask,
  settings: FitConfigInput,
  signal?: AbortSignal,
): Promise<ResultRecord> {
  const folder = mkdtempSync(join(tmpdir(), 'chronaxie-task-'));
  const observation = join(folder, 'observation.csv');
  writeObservation(task, observation);
  const source = { simulator: task.simulator, observation };
  const config = fitConfigSchema.parse({ source, ...settings, ...task.settings });
  const store = History.open(join(folder, 'history.sqlite'));
  try {
    const { id } = store.createRun({ name: task.name, project: 'tests', source: task.simulator, config });
    return await runFit({ id, config, store, version: 'test', ...(signal ? { signal } : {}) });
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
