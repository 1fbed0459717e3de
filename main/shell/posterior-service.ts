import type { Handlers } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import { hallsOfFame } from '../history/halls-of-fame.ts';
import type { History } from '../history/history.ts';
import { calibrationCost } from '../inference/calibration-cost.ts';
import { conditionalView } from '../inference/conditional-view.ts';
import { isSearch, searchView } from '../inference/ibea-view.ts';
import { posteriorView } from '../inference/posterior-view.ts';
import { predictiveView } from '../inference/predictive-view.ts';

type Part = Pick<
  Handlers,
  | 'posterior.view'
  | 'posterior.predictive'
  | 'posterior.conditional'
  | 'history.hallsOfFame'
  | 'calibration.cost'
>;

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
    'posterior.conditional': async ({ id, round, fixed, grid }) => {
      requireRound(history, id, round);
      if (isSearch(history, id)) {
        throw new AppError('usage', 'A search for points has no posterior to condition.', {
          remedy: 'Fit the same data with tsnpe, npe or snpe.',
        });
      }
      const values = new Map(Object.entries(fixed).map(([i, value]) => [Number(i), value]));
      return await conditionalView(history, id, round, values, grid);
    },
    'history.hallsOfFame': async ({ id }) => hallsOfFame(history, id),
    'calibration.cost': async ({ id, simulations }) => {
      history.detail(id); // an id that never was is an error of its own
      return await calibrationCost(history, id, simulations);
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
