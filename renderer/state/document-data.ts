import type { FitConfig } from '../../main/contract/config.ts';
import { isModelFile } from '../../main/contract/model.ts';
import type { RunDetail } from '../../main/contract/run.ts';
import type { RecordingState } from './recording.svelte.ts';
import type { OpenSimulator } from './simulator.svelte.ts';

type Source = NonNullable<FitConfig['source']>;

/** The simulator module that a document is fitted with: of its run, or as it was opened; null = a recording. */
export function simulatorOf(run: RunDetail | null, opened: OpenSimulator | null): OpenSimulator | null {
  const source = run?.config.source ?? null;
  if (run === null || source === null) return opened;
  const { parameters, features } = run;
  return 'simulator' in source ? { ...source, parameters, features } : null;
}

/** Where a document's data come from, one source a run; none = there is nothing that could be fitted. */
export function sourcesOf(simulated: OpenSimulator | null, recording: RecordingState): Source[] {
  if (simulated !== null) {
    const { simulator, observation } = simulated;
    return [{ simulator, observation }];
  }
  const { path, fitted, together, chosen } = recording;
  if (path === null) return [];
  if (!together || fitted.length < 2)
    return fitted.map((sweep) => ({ recording: path, sha256: null, sweep }));
  // Traces are shown over the first of them: the one that is being looked at, where it is among them.
  const sweep = fitted.find((number) => number === chosen?.sweep) ?? fitted[0]!;
  return [{ recording: path, sha256: null, sweep, alsoSweeps: fitted.filter((number) => number !== sweep) }];
}

/** True values of a run hold for another on the same data with the same model; null = none are known of it. */
export function truthFor(config: FitConfig, run: RunDetail | null): RunDetail['truth'] | null {
  if (run === null || run.config.model !== config.model || Object.keys(run.truth).length === 0) return null;
  const data = ({ source }: FitConfig) => JSON.stringify({ ...source, sha256: null });
  return data(run.config) === data(config) ? run.truth : null;
}

/** What was dropped or chosen at once. */
export interface Dropped {
  /** A simulator module, and the files that came with it. */
  module: { path: string; beside: string[] } | null;
  /** Tables alone: an observation of the simulator that is open, else recordings. */
  tables: string[];
  /** Model files. */
  models: string[];
  recordings: string[];
}

/** Told apart by their names' ends; what is nothing else is tried as a recording. */
export function sorted(paths: readonly string[]): Dropped {
  const ending = (end: RegExp) => paths.filter((path) => end.test(path));
  const none = { module: null, tables: [], models: [], recordings: [] };
  const [module] = ending(/\.mjs$/i);
  if (module !== undefined)
    return { ...none, module: { path: module, beside: paths.filter((path) => path !== module) } };
  const tables = ending(/\.csv$/i);
  const models = paths.filter(isModelFile);
  const recordings = paths.filter((path) => !tables.includes(path) && !models.includes(path));
  return { ...none, models, recordings, tables: recordings.length === 0 ? tables : [] };
}
