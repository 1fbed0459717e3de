import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closureOf } from '../../../main/model/expression-closure.ts';
import { parseExpression } from '../../../main/model/expression.ts';
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

  const own = (inside: string, dynamics: string) =>
    `<ComponentType name="Own" extends="baseVoltageDepRate">${inside}<Dynamics>${dynamics}</Dynamics></ComponentType>` +
    channel(gate.replace('HHExpRate', 'Own')) +
    cell();
  const r = (value: string) => `<DerivedVariable name="r" exposure="r" value="${value}"/>`;
  it('has temperatures in kelvin where its own rates calculate with them, as LEMS has', async () => {
    const constants =
      '<Constant name="TEN" dimension="temperature" value="10K"/><Constant name="T0" dimension="temperature" value="6.3degC"/>';
    const warm = own(constants, r('3^((temperature - T0)/TEN)'));
    const network = '<network id="n" type="networkWithTemperature" temperature="36.3 degC"/>';
    const { beta } = (await load(warm + network)).channels[0]!.gates[0]!;
    const value = closureOf(parseExpression(beta!, 'beta'), () => 0)(new Float64Array());
    expect(value).toBeCloseTo(27, 9);
    await expect(load(warm)).rejects.toMatchObject({
      message: expect.stringMatching(/^a\.nml, line \d+: the rates depend on the temperature/),
      remedy: expect.stringContaining('networkWithTemperature'),
    });
  });
  it('leaves out the rates and variables that nothing refers to', async () => {
    const both = `<gateHHratesTauInf id="m" instances="1">
      <forwardRate type="HHExpRate" rate="1per_ms" midpoint="-40mV" scale="10mV"/>
      <reverseRate type="HHExpRate" rate="1per_ms" midpoint="-40mV" scale="-10mV"/>
      <timeCourse type="fixedTimeCourse" tau="2ms"/>
      <steadyState type="HHSigmoidVariable" rate="1" midpoint="-40mV" scale="5mV"/></gateHHratesTauInf>`;
    expect((await load(channel(both) + cell())).definitions).toEqual({});
    const variable = (name: string, value: string) =>
      `<DerivedVariable name="${name}" dimension="none" value="${value}"/>`;
    const model = await load(
      own('', variable('idle', 'v') + variable('half', 'v/2') + variable('quarter', 'half/2') + r('quarter')),
    );
    expect(Object.keys(model.definitions)).toEqual([
      'naAll_m_reverseRate_half',
      'naAll_m_reverseRate_quarter',
    ]);
  });

  it.each<[string, string, RegExp]>([
    [
      'a voltage in the unit of a time',
      channel() + cell(density.replace('50 mV', '50 ms')),
      /«50 ms» is not a quantity in a unit that is known here \(mV, V\)/,
    ],
    [
      'a capacitance without a unit',
      channel() + cell().replace('0.02 F_per_m2', '0.02'),
      /«0\.02» is not a quantity in a unit that is known here \(uF_per_cm2, F_per_m2\)/,
    ],
    [
      'a pure number with a unit',
      channel(gate.replace('instances="3"', 'instances="3mV"')) + cell(),
      /«3mV» is not a number without a unit/,
    ],
    [
      'a segment without a diameter, where the area is needed',
      channel() +
        cell(
          '<channelPopulation id="p" ionChannel="na" number="10" erev="50mV"/>',
          segment(0).replace('diameter="20"', ''),
        ),
      /<proximal> has no attribute «diameter»/,
    ],
    [
      'two densities of one id',
      channel() + cell(density + density),
      /line \d+: two densities are called «naAll»/,
    ],
    [
      'a rate that waits for one that cannot be imported',
      own('', `<DerivedVariable name="y" value="sin(v)"/>${r('2 * y')}`),
      /the ComponentType «Own» cannot be imported: the function «sin» has no counterpart/,
    ],
    [
      'a rate that is selected from elsewhere',
      own('', '<DerivedVariable name="r" exposure="r" select="a/b"/>'),
      /the variable «r» has no value in v and its parameters/,
    ],
    [
      'a rate that nothing exposes',
      own('', '<DerivedVariable name="r" value="v"/>'),
      /it exposes no derived variable t, r or x/,
    ],
    [
      'an include that is a folder',
      '<include href="."/>' + cell(),
      /includes «\.», which cannot be read: EISDIR/,
    ],
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
  it('is refused with its name where what it was made into is no model', async () => {
    await expect(load(own('', r('2 + (v')))).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringMatching(/^a\.nml: In beta of gate m of channel naAll .*expected «\)»/),
      details: { file: join(folder, 'a.nml'), line: null },
    });
  });
  it.each([
    ['<neuroml>\n<cell>\n</neuroml>', 'line 2: unclosed xml attribute'],
    ['', 'it is empty'],
    ['hh8', 'it has no element'],
  ])('is refused where it is not XML: %j', async (text, reason) => {
    const path = join(folder, 'broken.nml');
    await writeFile(path, text);
    await expect(loadModel(path)).rejects.toMatchObject({
      code: 'file-unreadable',
      message: `The model file «broken.nml» is not valid XML: ${reason}.`,
    });
  });
});
