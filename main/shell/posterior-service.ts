import type { Handlers } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import type { History } from '../history/history.ts';
import { isSearch, searchView } from '../inference/ibea-view.ts';
import { posteriorView } from '../inference/posterior-view.ts';
import { predictiveView } from '../inference/predictive-view.ts';

type Part = Pick<Handlers, 'posterior.view' | 'posterior.predictive'>;

export function posteriorService(history: History): Part {
  return {
    'posterior.view': async ({ id, round, grid }) => {
      requireRound(history, id, round);
      const view = isSearch(history, id) ? searchView : posteriorView;
      return await view(history, id, round, grid);
    },
    'posterior.predictive': async ({ id, round, draws, columns }) => {
      requireRound(history, id, round);
      return await predictiveView(history, id, round, draws, columns);
    },
  };
}

function requireRound(history: History, id: string, round: number): void {
  const { roundsDone, name } = history.detail(id);
  if (round <= roundsDone) return;
  throw new AppError(
    'not-found',
    `Round ${round} of “${name}” is not finished; it has ${roundsDone} so far.`,
    {
      remedy: 'Choose an earlier round, or wait for it.',
    },
  );
}
