import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../../main/contract/run.ts';
import { hallsOfFame } from '../../../main/history/halls-of-fame.ts';
import type { PreparedRecord } from '../../../main/inference/fit-store.ts';
import { prepared, result } from './records.ts';

/** A history of runs by id: each what it was settled to, and its state. */
function historyOf(
  runs: Record<string, { prepared: PreparedRecord | null; state?: string; algorithm?: string }>,
) {
  return {
    list: () =>
      Object.entries(runs).map(
        ([id, { state = 'finished', algorithm = 'ibea' }]) =>
          ({ id, name: `run ${id}`, state, algorithm }) as RunSummary,
      ),
    prepared: (id: string) => runs[id]?.prepared ?? null,
    result: (id: string) => ({ ...result(id), samples: Float64Array.of(1, 2, 3, 4) }),
  };
}
const fit = { prepared, algorithm: 'snpe' };
const found = (other: Partial<PreparedRecord>) =>
  hallsOfFame(historyOf({ fit, search: { prepared: { ...prepared, ...other } } }), 'fit').map(({ id }) => id);

describe('hallsOfFame', () => {
  it('finds a finished search on the same data and model', () => {
    const halls = hallsOfFame(historyOf({ fit, search: { prepared } }), 'fit');
    expect(halls).toEqual([{ id: 'search', name: 'run search', points: Float64Array.of(1, 2, 3, 4) }]);
  });
  it('puts the parameters in the order of the run that asks', () => {
    const turned = { ...prepared, parameters: prepared.parameters.toReversed() };
    const [hall] = hallsOfFame(historyOf({ fit, search: { prepared: turned } }), 'fit');
    expect([...hall!.points]).toEqual([2, 1, 4, 3]);
  });
  it('leaves out another recording, sweep, cell, model, set of free parameters and fixed value', () => {
    const recording = prepared.recording!;
    const { config } = prepared;
    expect(found({})).toEqual(['search']);
    expect(found({ recording: { ...recording, sha256: 'cd'.repeat(32) } })).toEqual([]);
    expect(found({ recording: { ...recording, sweeps: [4] } })).toEqual([]);
    expect(found({ config: { ...config, cell: { ...config.cell, liquidJunctionMv: -14 } } })).toEqual([]);
    expect(found({ modelSha256: 'other' })).toEqual([]);
    expect(found({ parameters: prepared.parameters.slice(1) })).toEqual([]);
    expect(found({ config: { ...config, parameters: { gl: { fixed: 1 } } } })).toEqual([]);
    // Another path of the same content, another seed or feature set is the same problem.
    expect(
      found({ recording: { ...recording, file: '/elsewhere.nwb' }, config: { ...config, seed: 2 } }),
    ).toEqual(['search']);
  });
  it('compares simulators by the features that were observed', () => {
    const module = { ...prepared, recording: null };
    const other = module.features.map((feature) => ({ ...feature, observed: 1 }));
    const halls = historyOf({
      fit: { prepared: module, algorithm: 'npe' },
      same: { prepared: module },
      other: { prepared: { ...module, features: other } },
    });
    expect(hallsOfFame(halls, 'fit').map(({ id }) => id)).toEqual(['same']);
  });
  it('leaves out unfinished searches, inferences, and the search itself', () => {
    const history = historyOf({
      search: { prepared },
      running: { prepared, state: 'running' },
      inference: { prepared, algorithm: 'npe' },
      unsettled: { prepared: null },
    });
    expect(hallsOfFame(history, 'search')).toEqual([]);
    expect(hallsOfFame(history, 'nothing')).toEqual([]);
  });
});
