import { fileURLToPath } from 'node:url';
import { fitConfigSchema, type FitConfigInput } from '../../main/contract/config.ts';
import type { PredictiveView } from '../../main/contract/posterior.ts';
import type { ResultRecord } from '../../main/inference/fit-store.ts';
import { predictiveView } from '../../main/inference/predictive-view.ts';
import { prepareProblem } from '../../main/inference/problem.ts';
import { runFit } from '../../main/inference/run-fit.ts';
import { MemoryStore } from '../support/memory-store.ts';

/** Sweeps of the Allen Cell Types Database (Allen Institute for Brain Science; test/reference/data/recordings/README.md). */
export const cells = {
  '509881736': 'allen_509881736_sweep39.nwb',
  '518290966': 'allen_518290966_sweep57.nwb',
} as const;
export type Cell = keyof typeof cells;

export interface InVitroFit {
  result: ResultRecord;
  /** The MAP and 20 posterior draws over the recording. */
  view: PredictiveView;
}

/** hh8 with its wide prior, and the settings of everyone, on a recorded sweep; the liquid junction potential of the rig is 14 mV. */
export async function fitCell(cell: Cell, changes: FitConfigInput = {}): Promise<InVitroFit> {
  const recording = fileURLToPath(new URL(`../reference/data/recordings/${cells[cell]}`, import.meta.url));
  const config = fitConfigSchema.parse({
    source: { recording },
    cell: { liquidJunctionMv: -14 },
    ...changes,
  });
  const store = new MemoryStore();
  const prepare = () => prepareProblem(config);
  const result = await runFit({ id: cell, config, store, version: 'test', prepare });
  return { result, view: await predictiveView(store, cell, result.summary.rounds.length, 20, 1450) };
}
