import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fitConfigSchema, type FitConfigInput } from '../../../main/contract/config.ts';
import type { Warning } from '../../../main/contract/recording.ts';
import { problemOf, type Problem } from '../../../main/inference/problem.ts';
import { runFit } from '../../../main/inference/run-fit.ts';
import { whyNotShared } from '../../../main/inference/shared-network.ts';
import { hodgkinHuxleyProblem } from '../../statistical/tasks/hodgkin-huxley.ts';
import { MemoryStore } from '../../support/memory-store.ts';

const simulator = fileURLToPath(new URL('../../support/simulators/linear-gaussian.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'chronaxie-shared-'));
function configOf(observed: string, changes: FitConfigInput = {}) {
  const observation = join(folder, `${observed.replace(',', '-')}.csv`);
  writeFileSync(observation, `x,y\n${observed}\n`);
  return fitConfigSchema.parse({
    ...{ source: { simulator, observation }, algorithm: 'npe', simulations: 1500, pilotSimulations: 100 },
    ...{ samples: 2000, predictiveSimulations: 50, workers: 2, training: { maxEpochs: 40 } },
    network: { hidden: [20], family: 'mixture' },
    ...changes,
  });
}

describe('a run that is offered the network of another', () => {
  const store = new MemoryStore();
  const fit = (id: string, config: ReturnType<typeof configOf>, onWarning?: (warning: Warning) => void) =>
    runFit({
      ...{ id, config, store, version: 'test', networksOf: [{ id: 'first', recording: null }] },
      ...(onWarning ? { onWarning } : {}),
    });

  it('takes it for its own observation, simulates and trains nothing, and says so', async () => {
    await runFit({ id: 'first', config: configOf('0.8,1.5'), store, version: 'test' });
    const { summary } = await fit('second', configOf('-1,0.2'));
    expect(summary.rounds[0]).toMatchObject({ networkOf: 'first', seconds: { simulate: 0, train: 0 } });
    expect(summary.warnings.map(({ code }) => code)).toContain('network-shared');
    expect(store.rounds('second')[0]!.estimator).toEqual(store.rounds('first')[0]!.estimator);
    const [alone] = [await runFit({ id: 'alone', config: configOf('-1,0.2'), store, version: 'test' })];
    // The same configuration, seed and simulations train the same network, whichever observation it is then given.
    expect(summary.parameters).toEqual(alone!.summary.parameters);
  });

  it('trains its own where another is needed, and says why', async () => {
    const heard: Warning[] = [];
    const config = configOf('-1,0.2', { simulations: 1400 });
    const { summary } = await fit('third', config, (warning) => heard.push(warning));
    expect(summary.rounds[0]!.networkOf).toBeUndefined();
    expect(heard).toContainEqual(
      expect.objectContaining({
        code: 'network-not-shared',
        message: expect.stringContaining('configurations differ') as string,
      }),
    );
  });
});

describe('whyNotShared', async () => {
  const config = fitConfigSchema.parse({ algorithm: 'npe' });
  const trained = await hodgkinHuxleyProblem(config, 1, 0.05);
  const other = (change: (problem: Problem) => void): Problem => {
    const copy = problemOf(structuredClone(trained.prepared), structuredClone(trained.task));
    change(copy);
    return copy;
  };
  const protocol = ({ task }: Problem) => {
    if (task.kind !== 'neuron') throw new Error('a neuron was expected');
    return task.protocol;
  };

  it('shares between cells that differ in what the network does not see', () => {
    expect(
      whyNotShared(
        trained,
        other(() => undefined),
      ),
    ).toBeNull();
    expect(
      whyNotShared(
        trained,
        other((problem) => (problem.observed[1] = -66)),
      ),
    ).toBeNull();
    expect(
      whyNotShared(
        trained,
        other((problem) => (protocol(problem).initialMv += 1)),
      ),
    ).toBeNull();
  });

  it.each<[string, (problem: Problem) => void, string]>([
    ['a current 2 % larger', (p) => protocol(p).currentDensity.forEach((v, i, all) => (all[i] = 1.02 * v)), 'currents'], // prettier-ignore
    ['another first voltage', (p) => (protocol(p).initialMv += 3), 'begin at'],
    ['a step that ends later', (p) => (protocol(p).stepEndMs += 1), 'other times'],
    ['another time step', (p) => (protocol(p).dtMs = 0.04), 'time steps'],
    ['a feature that is missing', (p) => (p.observed[0] = NaN), 'missing'],
    ['another number of simulations', (p) => (p.prepared.config.simulations = 7), 'configurations'],
  ])('does not share with %s', (_, change, reason) => {
    expect(whyNotShared(trained, other(change))).toContain(reason);
  });
});
