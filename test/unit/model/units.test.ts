import { describe, expect, it } from 'vitest';
import { parseUnit, sameDimension, unitName } from '../../../main/model/units.ts';

describe('parseUnit', () => {
  it.each([
    ['mS', 'µA/mV'],
    ['mS/cm²', 'mS·cm⁻²'],
    ['µF/cm²', 'µA·ms/(mV·cm²)'],
    ['mM', 'µmol/cm^3'],
    ['uA/cm2', 'µA/cm²'],
    ['µA·√ms/cm²', 'µA ms/(√ms cm²)'],
    ['1/ms', 'kHz'],
    ['Ω·S', '1'],
    ['degC', '°C'],
  ])('reads %s', (one, other) => {
    const [a, b] = [parseUnit(one), parseUnit(other)];
    expect(sameDimension(a!.dimension, b!.dimension)).toBe(true);
    expect(a!.decade).toBeCloseTo(b!.decade, 12);
  });
  it('knows the factor of a unit that models are not calculated in', () => {
    expect(parseUnit('S/cm²')!.decade).toBeCloseTo(3, 12);
    expect(parseUnit('nA/cm²')!.decade).toBeCloseTo(-3, 12);
    expect(parseUnit('V')!.decade).toBeCloseTo(3, 12);
  });
  it.each(['furlong', 'mV/', '/ms', 'mV)', '(mV', '', '%'])('says that «%s» is no unit', (text) => {
    expect(parseUnit(text)).toBeNull();
  });
  it('names dimensions as physiologists do', () => {
    const name = (text: string) => unitName(parseUnit(text)!.dimension);
    expect(name('µA·ms/mV/cm²')).toBe('µF/cm²');
    expect(name('mV/mV')).toBe('a pure number');
    expect(name('mV²')).toBe('mV^2');
  });
});
