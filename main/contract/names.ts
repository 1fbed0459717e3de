import type { CallName, EventName } from './api.ts';

/**
 * The names of the contract without its schemas, for the preload script: it runs before every page and should not
 * carry a schema library. The two types below make the compiler refuse a list that lacks or invents a name.
 */
export const callNames = [
  'app.info',
  'app.log',
  'file.upload',
  'file.choose',
  'file.save',
  'file.savePdf',
  'recording.example',
  'recording.outline',
  'recording.inspect',
  'recording.traces',
  'recording.features',
  'recording.family',
  'columns.recall',
  'columns.remember',
  'columns.forget',
  'session.read',
  'session.write',
  'model.list',
  'model.load',
  'model.equations',
  'model.preview',
  'simulator.open',
  'fit.defaults',
  'fit.start',
  'fit.cancel',
  'fit.resume',
  'fit.addRounds',
  'fit.estimate',
  'history.list',
  'history.show',
  'history.ofRecording',
  'history.losses',
  'history.rename',
  'history.setTruth',
  'history.discard',
  'history.restore',
  'history.delete',
  'history.hallsOfFame',
  'posterior.view',
  'posterior.predictive',
  'posterior.conditional',
  'calibration.cost',
  'calibration.start',
  'calibration.cancel',
  'calibration.get',
  'export.methods',
  'export.refusals',
  'export.render',
] as const satisfies readonly CallName[];

export const eventNames = [
  'run.progress',
  'run.round',
  'run.warning',
  'calibration.progress',
  'calibration.ended',
  'run.changed',
  'menu.chosen',
  'file.opened',
] as const satisfies readonly EventName[];

type Complete<Wanted, Listed> = [Wanted] extends [Listed] ? true : never;
export const namesAreComplete: Complete<CallName, (typeof callNames)[number]> &
  Complete<EventName, (typeof eventNames)[number]> = true;

/** Electron's channel of a call, and the one channel of all events. */
export const callChannel = (name: CallName) => `call:${name}`;
export const eventChannel = 'event';
