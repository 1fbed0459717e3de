import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../../main/model/neuron-model.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chronaxie-neuroml-'));
});
afterAll(() => rm(folder, { recursive: true }));

const gate = `<gateHHrates id="m" instances="3">
  <forwardRate type="HHExpLinearRate" rate="1per_ms" midpoint="-40mV" scale="10mV"/>
  <reverseRate type="HHExpRate" rate="4000per_s" midpoint="-0.065V" scale="-18mV"/>
</gateHHrates>`;
const channel = (inside = gate) =>
  `<ionChannelHH id="na" conductance="10pS" species="na">${inside}</ionChannelHH>`;
const density =
  '<channelDensity id="naAll" ionChannel="na" condDensity="120 S_per_m2" erev="50 mV" ion="na"/>';
const segment = (id: number) =>
  `<segment id="${id}"><proximal x="0" y="0" z="0" diameter="20"/><distal x="0" y="0" z="30" diameter="20"/></segment>`;
const cell = (
  membrane = density,
  segments = segment(0),
) => `<cell id="c"><morphology id="m">${segments}</morphology>
  <biophysicalProperties id="b"><membraneProperties>${membrane}<specificCapacitance value="0.02 F_per_m2"/><initMembPotential value="-65mV"/></membraneProperties></biophysicalProperties></cell>`;
const document = (inside: string) =>
  `<?xml version="1.0"?>\n<neuroml xmlns="http://www.neuroml.org/schema/neuroml2" id="d">${inside}</neuroml>`;
async function load(inside: string, name = 'a.nml') {
  const path = join(folder, name);
  await writeFile(path, document(inside));
  return (await loadModel(path)).file;
}

describe('a NeuroML document', () => {
  it('becomes a model with one parameter a conductance, in the units of models', async () => {
    const model = await load(channel() + cell());
    expect(model).toMatchObject({
      name: 'c',
      capacitance: '2',
      description: expect.stringContaining('-65 mV'),
    });
    expect(model.parameters).toEqual([
      expect.objectContaining({
        name: 'g_naAll',
        unit: 'mS/cm²',
        reference: 12,
        prior: { logUniform: [2.4, 60] },
      }),
    ]);
    expect(model.channels[0]).toMatchObject({
      name: 'naAll',
      reversal: '50',
      gates: [
        { name: 'm', power: 3, alpha: '1 * exprelr(-(V + 40) / 10)', beta: '4 * exp((V + 65) / (-18))' },
      ],
    });
  });
  it('has the density of a population of channels over the area of its segment', async () => {
    const population = '<channelPopulation id="p" ionChannel="na" number="1000" erev="50mV" segment="0"/>';
    const model = await load(channel() + cell(population));
    // 1000 × 10 pS over 2π·10 µm·30 µm.
    expect(model.parameters[0]!.reference).toBeCloseTo((1000 * 10e-9) / (2 * Math.PI * 10e-4 * 30e-4), 9);
    const sphere = segment(0).replace('z="30"', 'z="0"');
    const round = await load(channel() + cell(population, sphere));
    expect(round.parameters[0]!.reference).toBeCloseTo((1000 * 10e-9) / (4 * Math.PI * 1e-6), 9);
  });
  it('may be channels alone: they get a leak', async () => {
    const model = await load(channel());
    expect(model.parameters.map(({ name }) => name)).toEqual(['g_na', 'gl', 'eLeak']);
    expect(model.channels.map(({ name, reversal }) => [name, reversal])).toEqual([
      ['na', '50'],
      ['leak', 'eLeak'],
    ]);
  });
  it('says which concentrations did not take part', async () => {
    const species =
      '<intracellularProperties><species id="ca" ion="ca" concentrationModel="x"/></intracellularProperties>';
    const model = await load(
      channel() + cell().replace('</biophysicalProperties>', `${species}</biophysicalProperties>`),
    );
    expect(model.description).toContain('Not imported, as no channel depends on it: the concentration of ca');
  });

  const q10 = '<q10Settings type="q10ExpTemp" q10Factor="3" experimentalTemp="6.3 degC"/>';
  it('takes the temperature of its network', async () => {
    const warm = channel(gate.replace('<forwardRate', `${q10}<forwardRate`)) + cell();
    const network = '<network id="n" type="networkWithTemperature" temperature="289.45 K"/>';
    expect((await load(warm + network)).channels[0]!.gates[0]!.speed).toBe('3 ^ ((16.3 - 6.3) / 10)');
    await expect(load(warm)).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining('depend on the temperature'),
    });
  });

  it.each<[string, string, RegExp]>([
    ['two cells', channel() + cell() + cell(), /has 2 cells: c, c/],
    ['several segments', channel() + cell(density, segment(0) + segment(1)), /has 2 segments/],
    [
      'a cell of another kind',
      '<izhikevichCell id="i" v0="-70mV"/>',
      /a <izhikevichCell> cannot be imported/,
    ],
    ['nothing', '', /neither a <cell> nor a channel/],
    [
      'a GHK density',
      channel() + cell('<channelDensityGHK id="ghk" ionChannel="na" permeability="1" ion="ca"/>'),
      /a <channelDensityGHK> \(«ghk»\) cannot be imported/,
    ],
    ['a density of no channel', cell(), /there is no channel «na»/],
    ['a kinetic scheme', channel('<gateKS id="k" instances="1"/>') + cell(), /the gate «k» is a <gateKS>/],
    [
      'a block by concentration',
      channel('<blockMechanism type="x"/>') + cell(),
      /<blockMechanism> in the channel «na»/,
    ],
    [
      'a rate of an unknown form',
      channel(gate.replace('HHExpRate', 'Own')) + cell(),
      /of the type «Own», which is neither a standard form/,
    ],
    [
      'a gate without a rate',
      channel(gate.replace(/<reverseRate.*>/, '')) + cell(),
      /the gate «m» has no <reverseRate>/,
    ],
    ['an unknown unit', channel(gate.replace('10mV', '10furlong')) + cell(), /«10furlong» is not a quantity/],
    [
      'an include that is not there',
      '<include href="na.channel.nml"/>' + cell(),
      /includes «na.channel.nml», which is not there/,
    ],
    [
      'a rate with a memory of its own',
      `<ComponentType name="Own" extends="baseVoltageDepRate"><Dynamics><StateVariable name="s" dimension="none"/></Dynamics></ComponentType>${channel(gate.replace('HHExpRate', 'Own'))}${cell()}`,
      /<StateVariable> in the ComponentType «Own» has no counterpart/,
    ],
    [
      'a rate of an unknown quantity',
      `<ComponentType name="Own" extends="baseVoltageDepRate"><Dynamics><DerivedVariable name="r" exposure="r" value="caConc * 2"/></Dynamics></ComponentType>${channel(gate.replace('HHExpRate', 'Own'))}${cell()}`,
      /the ComponentType «Own» cannot be imported: «caConc» is not known/,
    ],
  ])('is refused with %s, by name and line', async (_, inside, message) => {
    await expect(load(inside)).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringMatching(message),
      details: { file: 'a.nml' },
    });
  });
  it('is refused with the name of the included file where the mistake is there', async () => {
    await writeFile(join(folder, 'na.nml'), document(`\n${channel(gate.replace('HHExpRate', 'Own'))}`));
    await expect(load('<include href="na.nml"/>' + cell())).rejects.toMatchObject({
      message: expect.stringMatching(/^na\.nml, line \d+: <reverseRate>/),
    });
  });
  it('is refused where it is not XML', async () => {
    const path = join(folder, 'broken.nml');
    await writeFile(path, '<neuroml><cell></neuroml>');
    await expect(loadModel(path)).rejects.toMatchObject({ code: 'file-unreadable' });
    await writeFile(path, '');
    await expect(loadModel(path)).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});
