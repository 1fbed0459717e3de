import { describe, expect, it } from 'vitest';
import { asciiText, indented, unitComment } from '../../../main/export/nmodl-text.ts';

describe('text of MOD files', () => {
  it('is ASCII', () => {
    expect(asciiText('Wang–Buzsáki: τ ≥ 3 µA/cm²')).toBe('Wang-Buzsaki: tau >= 3 uA/cm2');
    expect(asciiText('ENDCOMMENT 日')).toBe('End of comment ?');
  });
  it('has units as comments', () => {
    expect(unitComment('µA·√ms/cm²')).toBe('  : uA*sqrt ms/cm2');
    expect(unitComment('1')).toBe('');
  });
  it('breaks long lines at spaces', () => {
    const long = `x = ${Array.from({ length: 60 }, (_, i) => `term${i}`).join(' + ')}`;
    const lines = indented([long]).split('\n');
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line.length).toBeLessThan(130);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(long);
  });
});
