import { AppError } from '../contract/errors.ts';
import { constantValue } from '../model/constant-value.ts';
import type { Expression } from '../model/expression.ts';
import { parseModel, type ParsedModel } from '../model/parsed-model.ts';
import type { Protocol } from '../simulate/protocol.ts';
import { textFile, type ExportedFile } from './files.ts';
import type { FittedCell } from './fitted-cell.ts';
import { lemsCell } from './lems-cell.ts';
import type { Meaning } from './lems-dynamics.ts';
import { neuromlChannels, type NeuromlChannels } from './neuroml-channels.ts';
import { indentedXml } from './xml-text.ts';

/** Changes of the current in a sweep: each is an element of its own. */
const mostPulses = 1000;
/** jNeuroML's own steps are forward Euler, which needs them fine: components of their own are for it alone, channels for NEURON's CVode too. */
const channelsStepMs = 0.001;
const componentStepMs = 0.0005;

/** A cell with its values, its inputs, and a LEMS simulation for every sweep. */
export function neuromlFolder(cell: FittedCell): ExportedFile[] {
  const model = parseModel(cell.model);
  const values = { ...cell.fixed, ...cell.map };
  const meaning = meaningOf(model, values);
  const name = cell.model.name.replace(/\W/g, '_');
  const channels = neuromlChannels(model, meaning);
  const site: Site = {
    ...{ cell, name },
    capacitance: constantValue(model.capacitance, meaning)!,
  };
  const reason = 'reason' in channels ? channels.reason : null;
  const files =
    'reason' in channels
      ? componentFiles(site, lemsCell(model, `${name}_cell`, values))
      : channelFiles(site, channels);
  const about = { values, capacitancePf: cell.capacitancePf, provenance: cell.provenance };
  return [
    ...files,
    textFile('cell.json', `${JSON.stringify(about, null, 2)}\n`),
    textFile('README.md', readme(cell, model, reason)),
  ];
}

interface Site {
  cell: FittedCell;
  /** The model's name as an id. */
  name: string;
  /** µF/cm² */
  capacitance: number;
}
const areaCm2 = ({ cell, capacitance }: Site): number => (cell.capacitancePf * 1e-6) / capacitance;

/** What the names of a model stand for where its parameters have values. */
export function meaningOf(model: ParsedModel, values: Readonly<Record<string, number>>): Meaning {
  const known = new Map<string, Expression>(
    model.definitions.map(({ name, expression }) => [name, expression]),
  );
  for (const [name, value] of Object.entries(values)) known.set(name, { kind: 'number', value });
  for (const { name, kinetics } of model.gates)
    if (kinetics.kind === 'instantaneous') known.set(name, kinetics.inf);
  return (name) => known.get(name);
}

/** Channels in a document of their own; for every sweep the cell with that sweep's first voltage. */
function channelFiles(site: Site, { types, channels, densities }: NeuromlChannels): ExportedFile[] {
  const { cell, name, capacitance } = site;
  const channelFile = `${name}.channel.nml`;
  const diameterUm = Math.sqrt((areaCm2(site) * 1e8) / Math.PI);
  const membrane = (initialMv: number): string => `<cell id="${name}">
<morphology id="morphology"><segment id="0" name="soma">
<proximal x="0" y="0" z="0" diameter="${diameterUm}"/><distal x="0" y="0" z="0" diameter="${diameterUm}"/>
</segment></morphology>
<biophysicalProperties id="biophysics"><membraneProperties>
${densities.map(({ channel, conductanceMs, reversalMv }) => `<channelDensity id="${channel}_all" ionChannel="${channel}" condDensity="${conductanceMs} mS_per_cm2" erev="${reversalMv} mV" ion="non_specific"/>`).join('\n')}
<spikeThresh value="-20 mV"/>
<specificCapacitance value="${capacitance} uF_per_cm2"/>
<initMembPotential value="${initialMv} mV"/>
</membraneProperties><intracellularProperties><resistivity value="0.1 kohm_cm"/></intracellularProperties></biophysicalProperties>
</cell>`;
  return [
    textFile(channelFile, neuroml(`${name}_channels`, [...channels, ...types])),
    ...cell.sweeps.flatMap(({ sweep, protocol }) => {
      const file = `${name}.sweep${sweep}.nml`;
      const parts = [
        `<include href="${channelFile}"/>`,
        membrane(protocol.initialMv),
        ...inputs(site, sweep, protocol),
      ];
      return [
        textFile(file, neuroml(`${name}_sweep${sweep}`, parts)),
        textFile(`LEMS_sweep${sweep}.xml`, simulation(file, sweep, protocol, channelsStepMs)),
      ];
    }),
  ];
}

/** The same for a cell that is a component of its own. */
function componentFiles(site: Site, { type, start }: ReturnType<typeof lemsCell>): ExportedFile[] {
  const { cell, name } = site;
  const typeFile = `${name}.cell.xml`;
  return [
    textFile(typeFile, lems([include('Cells.xml'), type])),
    ...cell.sweeps.flatMap(({ sweep, protocol }) => {
      const file = `${name}.sweep${sweep}.xml`;
      const component = `<Component id="${name}" type="${name}_cell" C="${cell.capacitancePf}pF" ${start(protocol.initialMv)}/>`;
      const parts = [...[typeFile, 'Inputs.xml', 'Networks.xml'].map(include), component];
      return [
        textFile(file, lems([...parts, ...inputs(site, sweep, protocol)])),
        textFile(`LEMS_sweep${sweep}.xml`, simulation(file, sweep, protocol, componentStepMs)),
      ];
    }),
  ];
}

/** A pulse for every stretch of current, and the network that gives them to the cell. */
function inputs(site: Site, sweep: number, { currentDensity, dtMs }: Protocol): string[] {
  const pulses: { start: number; end: number; density: number }[] = [];
  currentDensity.forEach((density, i) => {
    const last = pulses.at(-1);
    if (last?.density === density && last.end === i) last.end = i + 1;
    else if (density !== 0) pulses.push({ start: i, end: i + 1, density });
  });
  if (pulses.length > mostPulses)
    throw new AppError(
      'input-invalid',
      `The current of sweep ${sweep} changes ${pulses.length} times; NeuroML has no table of currents.`,
      { remedy: 'Fit with the stimulus idealised to steps (cell.stimulus), or export for NEURON.' },
    );
  const ms = (samples: number): string => `${Number((samples * dtMs).toPrecision(12))}ms`;
  const amplitude = (density: number): string =>
    `${(density * site.cell.capacitancePf) / site.capacitance}pA`;
  return [
    ...pulses.map(
      ({ start, end, density }, i) =>
        `<pulseGenerator id="pulse${i}" delay="${ms(start)}" duration="${ms(end - start)}" amplitude="${amplitude(density)}"/>`,
    ),
    `<network id="net"><population id="pop" component="${site.name}" size="1"/>`,
    ...pulses.map((_, i) => `<explicitInput target="pop[0]" input="pulse${i}"/>`),
    '</network>',
  ];
}

const include = (file: string): string => `<Include file="${file}"/>`;

function simulation(file: string, sweep: number, { dtMs, steps }: Protocol, finestMs: number): string {
  const lengthMs = Number(((steps - 1) * dtMs).toPrecision(12));
  return lems([
    `<Target component="sweep${sweep}"/>`,
    ...['Cells.xml', 'Networks.xml', 'Simulation.xml', file].map(include),
    `<Simulation id="sweep${sweep}" length="${lengthMs}ms" step="${Math.min(dtMs, finestMs)}ms" target="net">`,
    '<Meta for="neuron" method="cvode" abs_tolerance="1e-9" rel_tolerance="1e-9"/>',
    `<OutputFile id="voltage" fileName="sweep${sweep}.dat"><OutputColumn id="v" quantity="pop[0]/v"/></OutputFile>`,
    `<EventOutputFile id="spikes" fileName="sweep${sweep}.spikes" format="TIME_ID"><EventSelection id="0" select="pop[0]" eventPort="spike"/></EventOutputFile>`,
    '</Simulation>',
  ]);
}

const lems = (parts: readonly string[]): string => indentedXml(`<Lems>${parts.join('\n')}</Lems>`);

const neuroml = (id: string, parts: readonly string[]): string =>
  indentedXml(`<?xml version="1.0" encoding="UTF-8"?>
<neuroml xmlns="http://www.neuroml.org/schema/neuroml2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.neuroml.org/schema/neuroml2 https://raw.github.com/NeuroML/NeuroML2/development/Schemas/NeuroML2/NeuroML_v2.3.xsd" id="${id}">${parts.join('\n')}</neuroml>`);

function readme({ model: { title }, sweeps }: FittedCell, model: ParsedModel, reason: string | null): string {
  const file = `LEMS_sweep${sweeps[0]!.sweep}.xml`;
  const isNoisy = model.noise !== null || model.states.some(({ noise }) => noise !== null);
  const how =
    reason === null
      ? `    pynml ${file} -neuron -nogui
    nrnivmodl
    python ${file.replace('.xml', '_nrn.py')}

jNeuroML translates the cell for NEURON, whose CVode solves it. \`pynml ${file} -nogui\` runs it in jNeuroML itself, by forward Euler: make the
\`step\` in the file finer until the spikes stay where they are.`
      : `    pynml ${file} -nogui

The model has no form among NeuroML's channels (${reason}): its equations are a LEMS ComponentType of their own, which extends
baseCellMembPotCap. jNeuroML solves it by forward Euler: make the \`step\` in the file finer until the spikes stay where they are.`;
  return `# ${title} in NeuroML 2

A cell that Chronaxie fitted. With \`pip install pyneuroml neuron\` and a Java:

${how}

The voltage goes into \`sweepN.dat\` (s, V), spikes into \`sweepN.spikes\`. \`cell.json\` has the parameters and where all of it comes from,
\`posterior-samples.csv\` the posterior draws; \`chronaxie export ID --format neuroml --draw N\` writes the cell of one of them.
${isNoisy ? '\nThe noise of the model is left out: NeuroML has no white current noise.\n' : ''}`;
}
