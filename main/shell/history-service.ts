import type { Handlers } from '../contract/api.ts';
import type { History } from '../history/history.ts';
import type { CalibrationService } from './calibration-service.ts';
import type { EventBus } from './event-bus.ts';
import type { FitService } from './fit-service.ts';

type Part = Pick<
  Handlers,
  | 'history.list'
  | 'history.show'
  | 'history.ofRecording'
  | 'history.losses'
  | 'history.rename'
  | 'history.setTruth'
  | 'history.delete'
  | 'history.discard'
  | 'history.restore'
  | 'columns.recall'
  | 'columns.remember'
  | 'columns.forget'
>;

export function historyService(
  history: History,
  fits: FitService,
  calibrations: CalibrationService,
  events: EventBus,
): Part {
  const changed = (id: string) => {
    events.emit({ event: 'run.changed', payload: { id } });
  };
  return {
    /** A run whose program was killed since is said to be interrupted, not running. */
    'history.list': async () => {
      history.interruptAbandoned();
      return history.list();
    },
    'history.show': async ({ id }) => history.detail(id),
    'history.ofRecording': async ({ sha256, path }) => history.ofRecording(sha256, path),
    'history.losses': async ({ id }) => history.losses(id),
    'history.rename': async ({ id, name }) => {
      const run = history.rename(id, name);
      changed(id);
      return run;
    },
    'history.setTruth': async ({ id, truth }) => {
      history.setTruth(id, truth);
      changed(id);
      return {};
    },
    /** A run that is being computed is stopped first; restored, it can be resumed. */
    'history.discard': async ({ id }) => {
      await Promise.all([fits.stop(id), calibrations.stop(id)]);
      const discarded = history.discard(id);
      if (discarded) changed(id);
      return { discarded };
    },
    'history.restore': async ({ id }) => {
      const run = history.restore(id);
      changed(id);
      return run;
    },
    /** A run that is being computed is stopped first: nothing may write to a deleted run. */
    'history.delete': async ({ id }) => {
      await Promise.all([fits.stop(id), calibrations.stop(id)]);
      const deleted = history.delete(id);
      if (deleted) changed(id);
      return { deleted };
    },
    'columns.recall': async ({ columns }) => ({ mapping: history.columnMapping(columns) }),
    'columns.remember': async ({ columns, mapping }) => {
      history.saveColumnMapping(columns, mapping);
      return {};
    },
    'columns.forget': async ({ columns }) => {
      history.saveColumnMapping(columns, null);
      return {};
    },
  };
}
