import type { HallOfFame } from '../contract/posterior.ts';
import type { PreparedRecord } from '../inference/fit-store.ts';
import type { History } from './history.ts';

/**
 * The halls of fame of the finished searches that a run can be compared with: on the same recording and sweep, or on the
 * same observation of a simulator; with the same model of the same cell, and the same free parameters.
 */
export function hallsOfFame(
  history: Pick<History, 'list' | 'prepared' | 'result'>,
  id: string,
): HallOfFame[] {
  const asked = history.prepared(id);
  if (asked === null) return [];
  const names = asked.parameters.map((parameter) => parameter.name);
  return history
    .list()
    .filter((run) => run.algorithm === 'ibea' && run.state === 'finished' && run.id !== id)
    .flatMap((run) => {
      const search = history.prepared(run.id);
      const result = search !== null && isComparable(asked, search) ? history.result(run.id) : null;
      if (search === null || result === null) return [];
      const theirs = search.parameters.map((parameter) => parameter.name);
      const columns = names.map((name) => theirs.indexOf(name));
      const points = result.samples.map((_, at) => {
        const row = Math.floor(at / names.length);
        return result.samples[row * names.length + columns[at % names.length]!]!;
      });
      return [{ id: run.id, name: run.name, points }];
    });
}

function isComparable(a: PreparedRecord, b: PreparedRecord): boolean {
  return a.modelSha256 === b.modelSha256 && same(parametersOf(a), parametersOf(b)) && same(data(a), data(b));
}

/** The names of the free ones, and the fixed ones with their values. */
function parametersOf({ parameters, config }: PreparedRecord): unknown {
  const fixed = Object.entries(config.parameters).filter(([, setting]) => 'fixed' in setting);
  return [parameters.map((parameter) => parameter.name).toSorted(), fixed.toSorted()];
}

/** What identifies the data: a recording's content, sweep and the cell's settings, or the observed features themselves. */
function data({ recording, config, features }: PreparedRecord): unknown {
  if (recording === null) return features.map(({ name, observed }) => [name, observed]);
  return [recording.sha256, recording.sweeps, config.cell];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
