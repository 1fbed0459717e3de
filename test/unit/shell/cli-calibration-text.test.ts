import { describe, expect, it } from 'vitest';
import { calibrationText } from '../../../main/shell/cli-calibration-text.ts';
import { evenCalibration } from '../../support/calibration.ts';

describe('a calibration, told on the command line', () => {
  it('gives what was done, the regions at four levels, each parameter and the verdict with its reasons', () => {
    const even = { ...evenCalibration('run-1'), at: '2026-11-23T10:00:00Z' };
    const text = calibrationText({ ...even, lost: 0, reasons: ['All is even.'] });
    const [head, held, each, judged] = text.split('\n\n');
    expect(head).toBe(
      `Calibration of run-1: ${even.compared} of ${even.simulations} simulations compared, asking the trained network (${even.seconds.toFixed(1)} s).`,
    );
    const at = even.levels.findIndex((level) => Math.abs(level - 0.9) < 1e-9);
    const row = held!.split('\n').find((line) => line.trimStart().startsWith('90 %'))!;
    expect(row).toContain(`${(100 * even.coverage.curve[at]!).toFixed(1)} %`);
    expect(row).toContain(`${(100 * even.bands.pointwise.low[at]!).toFixed(1)} … `);
    for (const { name } of even.parameters) expect(each).toContain(name);
    expect(judged).toBe('The posterior is calibrated, as far as this study can tell:\n  All is even.');
  });

  it('says how many estimates were lost, how each was made, and which parameter is off', () => {
    const even = { ...evenCalibration('run-1'), at: '2026-11-23T10:00:00Z' };
    const parameters = even.parameters.map((parameter, i) =>
      i === 0 ? { ...parameter, shape: 'narrow' as const } : parameter,
    );
    const text = calibrationText({
      ...even,
      method: 'refit',
      lost: 7,
      parameters,
      verdict: 'not-calibrated',
    });
    expect(text).toContain('fitting each anew');
    expect(text).toContain('\n7 of their estimates lie almost wholly outside the prior');
    expect(text.split('\n').find((line) => line.includes(even.parameters[0]!.name))).toContain('too narrow');
    expect(text).toContain('The posterior is not calibrated:');
  });
});
