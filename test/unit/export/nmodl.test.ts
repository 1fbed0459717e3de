import { describe, expect, it } from 'vitest';
import { mechanismOf, type Mechanism } from '../../../main/export/nmodl.ts';
import { listModels, loadModel } from '../../../main/model/neuron-model.ts';
import { parseModel } from '../../../main/model/parsed-model.ts';
import { languageModels } from '../simulate/language-models.ts';

const builtIn = await Promise.all((await listModels()).map(async ({ name }) => (await loadModel(name)).file));
const models = [...builtIn, ...languageModels];
const mechanism = (name: string, values = {}): Mechanism =>
  mechanismOf(parseModel(models.find((model) => model.name === name)!), values);

/** The names that a block of the file declares, one a line. */
function declared(text: string, block: string): string[] {
  const body = new RegExp(`^${block} \\{\\n([^}]*)\\}`, 'm').exec(text)?.[1] ?? '';
  return body.split('\n').flatMap((line) => /^ {2}(\w+)/.exec(line)?.[1] ?? []);
}

describe.each(models.map(({ name }) => name))('the mechanism of %s', (name) => {
  const { text } = mechanism(name);
  it('is ASCII in lines that NEURON’s translator can read, with every bracket closed', () => {
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
    // Of code; comments may be of any length.
    const code = text.replace(/COMMENT[^]*ENDCOMMENT/, '').replace(/:.*$/gm, '');
    for (const line of code.split('\n')) expect(line.length).toBeLessThan(512);
    for (const [open, close] of ['{}', '()'])
      expect(code.split(open!).length).toBe(code.split(close!).length);
  });
  it('declares everything that it assigns, once', () => {
    const names = ['PARAMETER', 'ASSIGNED', 'STATE'].flatMap((block) => declared(text, block));
    expect(new Set(names).size).toBe(names.length);
    const functions = [...text.matchAll(/^FUNCTION (\w+)/gm)].map((match) => match[1]!);
    const assigned = [...text.matchAll(/^ +(\w+)'? = /gm)].map((match) => match[1]!);
    for (const target of assigned) expect([...names, ...functions]).toContain(target);
  });
});

describe('mechanismOf', () => {
  it('has the parameters’ values and units, and one equation for each gate', () => {
    const { text, name } = mechanism('hh8', { gNa: 33.5 });
    expect(name).toBe('chx_hh8');
    expect(text).toContain('  gNa = 33.5  : mS/cm2\n');
    expect(text).toContain("  M_p' = (M_p_inf - M_p)/M_p_tau\n");
    expect(text).toContain('NONSPECIFIC_CURRENT i');
  });
  it('injects the noise by a number that a script plays', () => {
    expect(mechanism('hh8').normals).toEqual(['normal']);
    expect(mechanism('hh8').text).toContain('stimulus + (sigma)/sqrt(dt)*normal');
    expect(mechanism('pospischil-rs').normals).toEqual([]);
  });
  it('draws spikes in, and offers no variable step, where the voltage is reset', () => {
    expect(mechanism('adex')).toMatchObject({ shown: 'shown', variableStep: null });
    expect(mechanism('hh8')).toMatchObject({ shown: null, variableStep: 'variable_step' });
  });
  it('has the other compartments’ voltages as states', () => {
    expect(declared(mechanism('pinsky-rinzel').text, 'STATE')).toContain('V_dendrite');
  });
  it('gives parameters with NEURON’s own names others, and says which', () => {
    const file = builtIn.find(({ name }) => name === 'pospischil-fs')!;
    const renamed = JSON.parse(
      JSON.stringify(file).replaceAll('vT', 'dt').replaceAll('eLeak', 'celsius'),
    ) as typeof file;
    const { parameters, text } = mechanismOf(parseModel(renamed), {});
    expect(parameters).toMatchObject({ dt: 'dt_2', celsius: 'celsius_2', gNa: 'gNa' });
    expect(text).toContain('x = V - dt_2');
  });
});
