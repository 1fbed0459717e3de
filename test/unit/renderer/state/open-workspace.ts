import { fitConfigSchema } from '../../../../main/contract/config.ts';
import type { PosteriorView, PredictiveView } from '../../../../main/contract/posterior.ts';
import type { RunDetail } from '../../../../main/contract/run.ts';
import { Preferences } from '../../../../renderer/state/preferences.svelte.ts';
import { Workspace } from '../../../../renderer/state/workspace.svelte.ts';
import { FakeTransport } from '../fake-transport.ts';
import { model, opened, outlineOf, report, run, sweep } from './fixtures.ts';
import { memoryStore } from './memory-store.ts';

const config = fitConfigSchema.parse({ source: { recording: '/data/a.nwb', sweep: 5 }, rounds: 3 });

/** The window's state with nothing open, over a main that answers with fixtures. */
export async function workspace(store = memoryStore()) {
  let detail: RunDetail = {
    ...run('1'),
    config,
    parameters: model.parameters,
    features: [],
    reports: [report(1), report(2)],
    summary: null,
    truth: {},
  };
  const transport = new FakeTransport({
    'app.info': () => ({
      version: '1',
      transport: 'served',
      historyFile: '/h',
      cores: 2,
      exampleAvailable: true,
      runsOn: { Node: '24' },
    }),
    'history.list': () => [run('1')],
    'history.show': () => detail,
    'history.discard': () => ({ discarded: true }),
    'history.restore': () => run('1'),
    'model.list': () => [model],
    'fit.defaults': () => fitConfigSchema.parse({}),
    'fit.start': () => {
      detail = { ...detail, id: '2', state: 'running', reports: [] };
      return { id: '2' };
    },
    'recording.example': () => ({
      path: '/data/example.nwb',
      config: fitConfigSchema.parse({
        source: { recording: 'example.nwb', sweep: 3 },
        cell: { liquidJunctionMv: -14 },
      }),
    }),
    'recording.outline': () => outlineOf(sweep(3, -50), sweep(5, 40)),
    'recording.inspect': () => opened(sweep(3, -50), sweep(5, 40)),
    'posterior.view': ({ id, round }) => ({ run: id, round }) as unknown as PosteriorView,
    'posterior.predictive': ({ id, round }) => ({ run: id, round }) as unknown as PredictiveView,
  });
  const made = new Workspace(transport, new Preferences(store), store);
  await made.start();
  return { transport, workspace: made };
}
