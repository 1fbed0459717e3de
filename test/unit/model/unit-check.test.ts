import { describe, expect, it } from 'vitest';
import type { ModelFile } from '../../../main/contract/model.ts';
import { loadModel } from '../../../main/model/neuron-model.ts';
import { parseModel } from '../../../main/model/parsed-model.ts';

const hh12 = (await loadModel('hh12')).file;
function changed(change: (model: ModelFile) => void): () => void {
  const model = structuredClone(hh12);
  change(model);
  return () => void parseModel(model);
}
const unit = (m: ModelFile, name: string, text: string): void => {
  m.parameters.find((p) => p.name === name)!.unit = text;
};

describe('checkUnits', () => {
  it.each<[string, (m: ModelFile) => void, key: string, message: string]>([
    [
      'a conductance in mV',
      (m) => unit(m, 'gNa', 'mV'),
      'channels.0.conductance',
      'the result is mV, but mS/cm² is expected',
    ],
    [
      'a time in mV',
      (m) => unit(m, 'tauMax', 'mV'),
      'channels.2.gates.0.tau',
      'the result is mV, but ms is expected',
    ],
    [
      'a sum of unlike quantities',
      (m) => unit(m, 'negVT', 'ms'),
      'definitions.x',
      '«V + negVT» adds mV and ms',
    ],
    [
      'a rate in ms',
      (m) => unit(m, 'kb1', 'ms'),
      'channels.1.gates.0.beta',
      'the result is ms, but 1/ms is expected',
    ],
    [
      'an exponential of a voltage',
      (m) => unit(m, 'kb2', '1'),
      'channels.1.gates.0.beta',
      'takes exp of mV; a pure number is expected',
    ],
    ['noise without its root', (m) => unit(m, 'sigma', 'µA/cm²'), 'noise', 'but µA·√ms/cm² is expected'],
    [
      'a unit with another factor',
      (m) => unit(m, 'gNa', 'S/cm²'),
      'parameters.0.unit',
      'the unit is S/cm², but models are calculated in mS/cm²',
    ],
    [
      'a conductance that is not one of an area',
      (m) => unit(m, 'gNa', 'nS'),
      'parameters.0.unit',
      'the unit is nS, but models are calculated in mS',
    ],
    [
      'a unit that does not exist',
      (m) => unit(m, 'gNa', 'mho'),
      'parameters.0.unit',
      'the unit «mho» is not known',
    ],
    [
      'a comparison of unlike quantities',
      (m) => (m.channels[0]!.reversal = 'if(V < tauMax, eNa, 50)'),
      'channels.0.reversal',
      'compares mV and ms',
    ],
    [
      'a choice of unlike quantities',
      (m) => (m.channels[0]!.reversal = 'if(V < 0, eNa, tauMax)'),
      'channels.0.reversal',
      'chooses between mV and ms',
    ],
    [
      'an exponent with a unit',
      (m) => (m.channels[0]!.reversal = 'eNa ^ tauMax'),
      'channels.0.reversal',
      'has the exponent ms',
    ],
    [
      'a reversal potential squared',
      (m) => (m.channels[0]!.reversal = 'eNa ^ 2'),
      'channels.0.reversal',
      'the result is mV^2',
    ],
  ])('refuses %s and says where', (_, change, key, message) => {
    expect(changed(change)).toThrow(
      expect.objectContaining({
        code: 'model-invalid',
        message: expect.stringContaining(message),
        details: expect.objectContaining({ key }),
      }),
    );
  });
  it.each<[string, (m: ModelFile) => void]>([
    ['numbers as published', (m) => (m.channels[0]!.reversal = '26.7 * log(440 / 18) + eNa - sqrt(eNa ^ 2)')],
    ['a rate without a factor', (m) => (m.channels[1]!.gates[0]!.beta = 'exp(-(x - kb1 * 10 / kb1) / kb2)')],
    ['quantities without a unit', (m) => unit(m, 'gNa', '')],
  ])('accepts %s', (_, change) => {
    expect(changed(change)).not.toThrow();
  });
});
