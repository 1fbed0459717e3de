import { describe, expect, it } from 'vitest';
import { calibrationSchema } from '../../../main/contract/calibration.ts';
import { History } from '../../../main/history/history.ts';
import { evenCalibration } from '../../support/calibration.ts';
import { newRun, temporaryFolder } from './records.ts';

describe('calibrations in the history', () => {
  it('come back as they were written, with the time, and a new one replaces the old', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'), () => new Date('2026-11-23T10:00:00Z'));
    const { id } = history.createRun(newRun);
    expect(history.calibration(id)).toBeNull();
    history.saveCalibration({ ...evenCalibration(id), simulations: 99 });
    const saved = history.saveCalibration(evenCalibration(id));
    expect(saved).toEqual({ ...evenCalibration(id), at: '2026-11-23T10:00:00.000Z' });
    expect(history.calibration(id)).toEqual(saved);
    expect(calibrationSchema.parse(history.calibration(id))).toEqual(saved);
    history.close();
  });

  it('go with their run', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    const { id } = history.createRun(newRun);
    history.saveCalibration(evenCalibration(id));
    history.setState(id, 'finished');
    history.delete(id);
    expect(history.calibration(id)).toBeNull();
    expect(() => history.saveCalibration(evenCalibration(id))).toThrow(/There is no run/);
    history.close();
  });
});
