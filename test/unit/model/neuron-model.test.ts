import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelFile } from '../../../main/contract/model.ts';
import { checkedModel, listModels, loadModel } from '../../../main/model/neuron-model.ts';
import { parseModel } from '../../../main/model/parsed-model.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chronaxie-model-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the built-in models', () => {
  it('are thirteen, each with a dated citation, a reference value of every parameter within its prior, and units', async () => {
    const models = await listModels();
    expect(models).toHaveLength(13);
    for (const model of models) {
      expect(model.builtIn).toBe(true);
      expect(model.citations.join(' ')).toMatch(/\((19|20)\d\d\)/);
      for (const { reference, prior, unit } of model.parameters) {
        const [low, high] =
          'uniform' in prior ? prior.uniform : 'logUniform' in prior ? prior.logUniform : [NaN, NaN];
        expect(reference).toBeGreaterThanOrEqual(low);
        expect(reference).toBeLessThanOrEqual(high);
        expect(unit).not.toBe('');
      }
    }
  });
  it('give hh8 the published parameters, reference values and uniform priors', async () => {
    const { file } = await loadModel('hh8');
    expect(file.parameters.map((p) => [p.name, p.reference, p.prior])).toEqual([
      ['gNa', 50, { uniform: [0.5, 80] }],
      ['gK', 5, { uniform: [1e-4, 15] }],
      ['gl', 0.1, { uniform: [1e-4, 0.6] }],
      ['gM', 0.07, { uniform: [1e-4, 0.6] }],
      ['tauMax', 600, { uniform: [50, 3000] }],
      ['negVT', 60, { uniform: [40, 90] }],
      ['sigma', 0.1, { uniform: [1e-4, 0.15] }],
      ['negEl', 70, { uniform: [35, 100] }],
    ]);
  });
  it('give hh12 four parameters more, half around their reference values', async () => {
    const { file } = await loadModel('hh12');
    expect(file.parameters.slice(8).map((p) => [p.name, p.reference, p.prior])).toEqual([
      ['eNa', 53, { uniform: [26.5, 79.5] }],
      ['negEk', 107, { uniform: [53.5, 160.5] }],
      ['kb1', 0.5, { uniform: [0.25, 0.75] }],
      ['kb2', 40, { uniform: [20, 60] }],
    ]);
  });
});

describe('loadModel', () => {
  it('reads a model file by its path', async () => {
    const { file } = await loadModel('hh8');
    const path = join(folder, 'mine.json');
    // Some editors of Windows begin a file with a byte order mark.
    await writeFile(path, `\uFEFF${JSON.stringify({ ...file, name: 'mine' })}`);
    const mine = await loadModel(path);
    expect(mine).toMatchObject({ path, builtIn: false, file: { name: 'mine' } });
  });
  it('names the built-in models where there is neither such a model nor such a file', async () => {
    await expect(loadModel('hh9')).rejects.toMatchObject({
      code: 'not-found',
      remedy: expect.stringContaining('hh8, hh12, hodgkin-huxley'),
    });
  });
  it('refuses a file that is not JSON, and one that is not a model', async () => {
    const path = join(folder, 'broken.json');
    await writeFile(path, '{"name": ');
    await expect(loadModel(path)).rejects.toMatchObject({ code: 'file-unreadable' });
    await writeFile(path, '{"name": "x"}');
    await expect(loadModel(path)).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining('title'),
    });
  });
});

it('names the line of the file, the place and what was expected', async () => {
  const { file } = await loadModel('hh8');
  const path = join(folder, 'wrong.json');
  const wrong = structuredClone(file);
  wrong.channels[1]!.gates[0]!.beta = 'tauMax';
  const text = JSON.stringify(wrong, null, 2);
  await writeFile(path, text);
  const line = text.slice(0, text.indexOf('"beta": "tauMax"')).split('\n').length;
  await expect(loadModel(path)).rejects.toMatchObject({
    code: 'model-invalid',
    message: `wrong.json, line ${line} (channels.1.gates.0.beta): In beta of gate n of channel K of the model «hh8»: the result is ms, but 1/ms is expected.`,
    details: { line, key: 'channels.1.gates.0.beta', file: path },
  });
});

describe('parseModel', () => {
  async function changed(change: (model: ModelFile) => void): Promise<() => ModelFile> {
    const model = structuredClone((await loadModel('hh8')).file);
    change(model);
    return () => checkedModel(model, 'a test');
  }
  it.each<[string, (m: ModelFile) => void, RegExp]>([
    [
      'an unknown name',
      (m) => (m.channels[0]!.reversal = 'eNa'),
      /«eNa» means nothing here; known are V, gNa, gK/,
    ],
    ['an unused parameter', (m) => (m.channels[3]!.conductance = '0.1'), /never uses «gl»/],
    ['an unused definition', (m) => (m.definitions['y'] = 'V'), /never uses «y»/],
    ['a parameter named twice', (m) => m.parameters.push(m.parameters[0]!), /name «gNa» twice/],
    ['a channel named twice', (m) => m.channels.push(m.channels[0]!), /channel «Na» twice/],
    ['a parameter named V', (m) => (m.parameters[0]!.name = 'V'), /reserved name «V»/],
    ['a parameter named like a function', (m) => (m.parameters[0]!.name = 'exp'), /reserved name «exp»/],
    ['a name with a space', (m) => (m.parameters[0]!.name = 'g Na'), /no expression could use/],
    [
      'a definition of a parameter',
      (m) => (m.definitions['gNa'] = '1'),
      /gives the name «gNa» twice, once to a definition/,
    ],
    ['a capacitance that depends on V', (m) => (m.capacitance = '1 + 0 * V'), /depends on the voltage/],
    ['noise that depends on V', (m) => (m.noise = 'sigma * x'), /«x» depends on the voltage/],
    ['a capacitance of 0', (m) => (m.capacitance = '1 - 1'), /has a membrane of 0 µF\/cm²/],
    ['a negative capacitance', (m) => (m.capacitance = '-2'), /has a membrane of -2 µF\/cm²/],
    [
      'a division by zero',
      (m) => {
        m.definitions['y'] = '2 - 2';
        m.channels[0]!.reversal = 'V / (3 * y)';
      },
      /^In the reversal potential of channel Na of the model «hh8»: «\(V\)\/\(3 y\)» divides by zero/,
    ],
    [
      'a compartment coupled with itself',
      (m) => {
        m.compartments = ['soma', 'dendrite'].map((name) => ({ name, area: '0.5' }));
        m.couplings = [{ between: ['soma', 'soma'], conductance: '1' }];
      },
      /couples the compartment «soma» with itself/,
    ],
    [
      'a gate of no kinetics that is not shared',
      (m) => (m.channels[0]!.gates[0] = { name: 'k', power: 1 }),
      /no shared gate «k», which channel Na/,
    ],
    [
      'half of a gate’s rates',
      (m) => delete m.channels[0]!.gates[0]!.beta,
      /expected alpha and beta, or inf and tau, or inf alone/,
    ],
    [
      'a compartment that is not there',
      (m) => (m.channels[0]!.compartment = 'axon'),
      /no compartment «axon»/,
    ],
    [
      'a current outside of states',
      (m) => (m.channels[0]!.reversal = 'I_K'),
      /the current «I_K» may be used in states alone/,
    ],
    [
      'a spike without a reset of V',
      (m) => (m.spike = { threshold: '0', peak: '20', reset: {} }),
      /to what a spike resets V/,
    ],
    [
      'a reset of a parameter',
      (m) => (m.spike = { threshold: '0', peak: '20', reset: { V: '0', gNa: '1' } }),
      /resets «gNa»/,
    ],
    [
      'a speed of an instantaneous gate',
      (m) => (m.channels[0]!.gates[0] = { name: 'k', power: 1, inf: '1', speed: '3' }),
      /it is instantaneous/,
    ],
    [
      'a wrong expression',
      (m) => (m.capacitance = '1 +'),
      /the capacitance of the model «hh8», at character/,
    ],
  ])('refuses %s', async (_, change, message) => {
    const check = await changed(change);
    expect(check).toThrow(message);
    expect(check).toThrow(expect.objectContaining({ code: 'model-invalid' }));
  });
  it('lets definitions use earlier ones', async () => {
    const { file } = await loadModel('hh8');
    const model = { ...file, definitions: { y: 'V + 0', x: 'y + negVT' } };
    expect(parseModel(model).definitions.map((d) => d.name)).toEqual(['y', 'x']);
  });
});
