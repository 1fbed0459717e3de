import { beforeEach, describe, expect, it } from 'vitest';
import { fitConfigSchema, type FitConfig } from '../../../../main/contract/config.ts';
import { FitState } from '../../../../renderer/state/fit.svelte.ts';
import { FakeTransport } from '../fake-transport.ts';
import { model } from './fixtures.ts';

describe('the fit as it is set up', () => {
  let fit: FitState;
  const source: FitConfig['source'] = { recording: '/data/a.nwb', sha256: null, sweep: 5 };
  beforeEach(async () => {
    fit = new FitState(
      new FakeTransport({ 'model.list': () => [model], 'fit.defaults': () => fitConfigSchema.parse({}) }),
    );
    await fit.load();
  });

  it('makes the default configuration where nothing was changed', () => {
    expect(fit.toConfig(source)).toEqual({ ...fitConfigSchema.parse({}), source });
    expect(fit.freeCount).toBe(2);
  });
  it('writes only what differs from the model, and gives it back on restoring', () => {
    fit.editPrior(0, { first: '10', second: '60' });
    fit.fix(1, true);
    fit.editValue(1, '4,5'); // not a number of thousands
    expect(fit.toConfig(source)).toBeNull();
    fit.editValue(1, '4.5');
    expect(fit.toConfig(source)?.parameters).toEqual({
      gNa: { prior: { uniform: [10, 60] } },
      gK: { fixed: 4.5 },
    });
    fit.restore(0);
    fit.restore(1);
    expect(fit.toConfig(source)?.parameters).toEqual({});
  });
  it('says what is wrong with a prior and with a setting, and does not run', () => {
    fit.editPrior(0, { first: '90' });
    expect(fit.rowProblem(0)).toBe('The lowest value must be below the highest.');
    fit.editPrior(0, { kind: 'logUniform', first: '−1' });
    expect(fit.rowProblem(0)).toBe('A log-uniform prior needs 0 < lowest < highest.');
    fit.restore(0);
    fit.set('rounds', '2.5');
    expect(fit.settingProblem('rounds')).toBe('A whole number is needed here.');
    fit.set('rounds', '');
    expect(fit.settingProblem('rounds')).toBe('A number is needed here.');
    expect(fit.problemCount).toBe(1);
    expect(fit.toConfig(source)).toBeNull();
    fit.set('workers', '');
    expect(fit.settingProblem('workers')).toBeNull();
  });
  it('needs one free parameter', () => {
    fit.fix(0, true);
    fit.fix(1, true);
    expect(fit.problemCount).toBe(1);
  });
  it('takes over a run’s configuration and makes the same one again', () => {
    const config = fitConfigSchema.parse({
      source,
      parameters: { gNa: { fixed: 50 }, gK: { prior: { logNormal: [2, 0.5] } } },
      cell: { capacitancePf: 89.25, liquidJunctionMv: -14, stimulus: 'as-recorded' },
      features: { set: 'spikes', exclude: ['latency'] },
      rounds: 3,
      workers: 2,
      seed: 9,
      network: { components: 4 },
    });
    fit.adopt(config);
    expect(fit.toConfig(source)).toEqual(config);
    fit.reset();
    expect(fit.toConfig(source)?.rounds).toBe(5);
  });
});
