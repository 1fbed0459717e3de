import { expect, it } from 'vitest';
import { equationsSchema } from '../../../main/contract/equations.ts';
import { modelEquations } from '../../../main/model/equations.ts';
import { parseExpression } from '../../../main/model/expression.ts';
import { listModels, loadModel } from '../../../main/model/neuron-model.ts';
import { plainText, typeset } from '../../../main/model/typeset.ts';

const symbols: Record<string, string> = { negVT: '−V_T', negEl: '−E_l', gNa: 'g_Na' };
const shown = (source: string) =>
  plainText(typeset(parseExpression(source, 'a test'), (name) => symbols[name] ?? name));

it('writes expressions as papers do: fractions, powers, symbols, a double minus as a plus', () => {
  expect(shown('V + negVT')).toBe('V − V_T');
  expect(shown('-negEl')).toBe('E_l');
  expect(shown('4 / (1 + exp(-0.2 * (x - 40)))')).toBe('(4)/(1 + e^(−0.2 (x − 40)))');
  expect(shown('2^3^2')).toBe('2^(3^(2))');
  expect(shown('(a / b)^2')).toBe('((a)/(b))^(2)');
  expect(shown('exprelr(z)^2')).toBe('((z)/(e^(z) − 1))^(2)');
  expect(shown('c * (a / b)')).toBe('c (a)/(b)');
  expect(shown('a - (b - c)')).toBe('a − (b − c)');
  expect(shown('exprelr(z)')).toBe('(z)/(e^(z) − 1)');
  expect(shown('log(abs(x)) * sqrt(y)')).toBe('ln(|x|) √(y)');
});

it('gives the equations of every built-in model, as the contract says', async () => {
  const models = await listModels();
  expect(models.length).toBeGreaterThan(2);
  for (const { name } of models) {
    const equations = modelEquations((await loadModel(name)).file);
    expect(equationsSchema.parse(equations)).toEqual(equations);
    const [membrane] = equations;
    expect(membrane!.title).toBe('Membrane');
    expect(membrane!.lines[0]!.text).toMatch(/^C_m \(dV/);
    if (name.startsWith('hh')) expect(membrane!.lines[0]!.text).toContain('g_Na m^(3) h (E_Na − V)');
  }
});

it('shows the leak’s reversal potential without its sign twice', async () => {
  const lines = modelEquations((await loadModel('hh8')).file)[0]!.lines.map(({ text }) => text);
  expect(lines).toContain('E_leak = E_l');
  expect(lines).toContain('E_K = −107 mV');
  expect(lines).toContain('x = V − V_T');
});
