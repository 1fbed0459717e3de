import { describe, expect, it } from 'vitest';
import type { ModelFile } from '../../../main/contract/model.ts';
import { neuromlFolder } from '../../../main/export/neuroml-folder.ts';
import { importNeuroml } from '../../../main/model/neuroml.ts';
import { listModels, loadModel } from '../../../main/model/neuron-model.ts';
import { protocolFromFile } from '../../../main/simulate/protocol.ts';
import { languageModels } from '../simulate/language-models.ts';

const builtIn = await Promise.all((await listModels()).map(async ({ name }) => (await loadModel(name)).file));
const models = [...builtIn, ...languageModels];
const protocol = protocolFromFile({
  ...{ dtMs: 0.025, durationMs: 100, initialMv: -70 },
  stimulus: [
    { startMs: 10, endMs: 40, uAPerCm2: 2 },
    { startMs: 50, endMs: 60, uAPerCm2: -1 },
  ],
});
const cellOf = (model: ModelFile) => ({
  ...{ model, fixed: {}, capacitancePf: 100, provenance: null },
  map: Object.fromEntries(model.parameters.map(({ name, reference }) => [name, reference!])),
  sweeps: [{ sweep: 2, protocol }],
});
function written(name: string): Record<string, string> {
  const files = neuromlFolder(cellOf(models.find((model) => model.name === name)!));
  return Object.fromEntries(files.map((file) => [file.name, new TextDecoder().decode(file.bytes)]));
}

describe('neuromlFolder', () => {
  it.each(models.map(({ name }) => name))('closes every element of %s', (name) => {
    for (const [file, text] of Object.entries(written(name))) {
      if (!/\.(nml|xml)$/.test(file)) continue;
      const opened: string[] = [];
      for (const [, closing, tag, , single] of text.matchAll(/<(\/?)(\w+)((?:\s[^<>]*?)?)(\/?)>/g)) {
        if (closing) expect(opened.pop(), file).toBe(tag);
        else if (!single) opened.push(tag!);
      }
      expect(opened, file).toEqual([]);
      expect(text).not.toMatch(/NaN|undefined|null/);
    }
  });

  it('uses the standard forms where rates have them', () => {
    const text = written('hodgkin-huxley')['hodgkin_huxley.channel.nml']!;
    expect(text).not.toContain('ComponentType');
    expect(text).toContain('type="HHExpLinearRate" rate="1per_ms" midpoint="-40mV" scale="10mV"');
  });

  it('gives the current as pulses of the whole cell', () => {
    const text = written('hh8')['hh8.sweep2.nml']!;
    expect(text).toContain('<pulseGenerator id="pulse0" delay="10ms" duration="30ms" amplitude="200pA"/>');
    expect(text).toContain('<pulseGenerator id="pulse1" delay="50ms" duration="10ms" amplitude="-100pA"/>');
  });

  it('writes a component of its own, and says why, where channels cannot say the model', () => {
    const files = written('adex');
    expect(Object.keys(files)).toContain('adex.cell.xml');
    expect(files['adex.cell.xml']).toContain('<ComponentType name="adex_cell" extends="baseCellMembPotCap">');
    expect(files['README.md']).toContain('its voltage is reset at a spike');
  });

  it('says that noise is left out', () => {
    expect(written('hh8')['README.md']).toContain('noise of the model is left out');
    expect(written('pospischil-rs')['README.md']).not.toContain('noise');
  });

  it('refuses a current that changes with every sample', () => {
    const currentDensity = Float64Array.from(protocol.currentDensity, (_, i) => Math.sin(i));
    const cell = {
      ...cellOf(builtIn[0]!),
      sweeps: [{ sweep: 2, protocol: { ...protocol, currentDensity } }],
    };
    expect(() => neuromlFolder(cell)).toThrow(expect.objectContaining({ code: 'input-invalid' }));
  });

  it('can be imported again, with the same conductances', async () => {
    const files = written('hodgkin-huxley');
    const document = files['hodgkin_huxley.sweep2.nml']!.replace(
      /<include[^>]*>/,
      /<ionChannelHH[^]*<\/ionChannelHH>\s*(<ionChannelHH [^>]*\/>)?/.exec(
        files['hodgkin_huxley.channel.nml']!,
      )![0],
    );
    const model = await importNeuroml(document, '/tmp/cell.nml');
    expect(model.channels).toHaveLength(3);
  });
});
