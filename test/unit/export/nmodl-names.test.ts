import { describe, expect, it } from 'vitest';
import { mechanismName, NmodlNames } from '../../../main/export/nmodl-names.ts';

describe('NmodlNames', () => {
  it('keeps names that are identifiers, and V beside NEURON’s v', () => {
    const names = new NmodlNames();
    expect(['gNa', 'V', 'tauMax', 'p'].map(names.of)).toEqual(['gNa', 'V', 'tauMax', 'p']);
  });
  it.each(['v', 't', 'dt', 'threshold', 'STATE', 'celsius', 'force', 'class', 'linoid'])(
    'gives %s, which means something to NEURON or its compiler, another name',
    (name) => {
      expect(new NmodlNames().of(name)).toBe(`${name}_2`);
    },
  );
  it('makes identifiers of what is none, each its own', () => {
    const names = new NmodlNames();
    expect(names.of('Na.m')).toBe('Na_m');
    expect(names.of('x@soma')).toBe('x_soma');
    expect(names.of('Na_m')).toBe('Na_m_2');
    expect(names.of('_a__b_')).toBe('x_a_b');
    expect(names.of('Na.m')).toBe('Na_m');
  });
  it('names the mechanism by the model', () => {
    expect(mechanismName('wang-buzsaki')).toBe('chx_wang_buzsaki');
  });
});
