import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { ChannelFile, ModelFile } from '../contract/model.ts';
import type { ParameterSpec } from '../contract/prior.ts';
import { importChannel, type ChannelContext } from './neuroml-channel.ts';
import { required } from './neuroml-quantity.ts';
import { literal } from './neuroml-rates.ts';
import { attribute, children, descendants, neuromlError, notesOf, parseXml, tag } from './neuroml-xml.ts';

/** A channel of the cell: which, how much of it, and its reversal potential. */
interface Density {
  name: string;
  channel: Element;
  /** mS/cm² */
  conductance: number;
  erevMv: number;
}

/** Reversal potentials of channels without a cell, by their species, mV. */
const usualReversalMv: Record<string, number> = { na: 50, k: -90, ca: 120 };

/**
 * A NeuroML 2 document as a model: its one cell of one segment, with its ionChannelHH channels; of a document without a cell, its
 * channels and a leak. Conductances become parameters with log-uniform priors from a fifth to five times the file's value.
 * Concentrations do not take part.
 * @throws AppError model-invalid, which names what cannot be imported and its line
 */
export async function importNeuroml(text: string, path: string): Promise<ModelFile> {
  const file = basename(path);
  const roots = await documents(parseXml(text, file), dirname(resolve(path)), file, new Set([resolve(path)]));
  const all = (...names: string[]): Element[] => roots.flatMap((root) => descendants(root, ...names));
  const networks = all('network').filter((network) => attribute(network, 'temperature') !== null);
  const context: ChannelContext = {
    file,
    types: new Map(all('ComponentType').map((type) => [attribute(type, 'name') ?? '', type])),
    definitions: {},
    kelvin: networks[0] ? required(networks[0], 'temperature', file, 'temperature') : null,
  };
  const channels = all('ionChannelHH', 'ionChannel', 'ionChannelPassive');
  const cells = all('cell');
  const other = all('cell2CaPools', 'izhikevichCell', 'izhikevich2007Cell', 'adExIaFCell', 'iafCell', 'iafRefCell', 'iafTauCell', 'fitzHughNagumoCell', 'pinskyRinzelCA3Cell', 'hindmarshRose1984Cell')[0]; // prettier-ignore
  const [cell, second] = cells;
  if (second)
    throw neuromlError(file, second, `the document has ${cells.length} cells: ${cells.map((c) => attribute(c, 'id')).join(', ')}`, 'Import one that has a single cell.'); // prettier-ignore
  if (!cell && (other || channels.length === 0))
    throw neuromlError(
      file,
      other ?? null,
      other
        ? `a <${tag(other)}> cannot be imported`
        : 'the document has neither a <cell> nor a channel of the kind ionChannelHH',
      other
        ? 'Models of this kind are built in or can be written: docs/models.md.'
        : 'Import a cell with its channels.',
    );
  const densities = cell ? densitiesOf(cell, channels, file) : densitiesOfChannels(channels);
  const parameters: ParameterSpec[] = [];
  const modelChannels = densities.map((density) => modelChannel(density, context, parameters));
  const name = (attribute(cell ?? channels[0]!, 'id') ?? 'model')
    .replace(/[^\w-]/g, '_')
    .replace(/^(?![A-Za-z])/, 'm');
  if (!cell) modelChannels.push(leak(parameters));
  const capacitance = cell ? one(cell, 'specificCapacitance', file) : null;
  const initial = cell ? descendants(cell, 'initMembPotential')[0] : undefined;
  const left = cell ? descendants(cell, 'species').map((s) => `the concentration of ${attribute(s, 'ion') ?? attribute(s, 'id') ?? '?'}`) : []; // prettier-ignore
  const description = [
    cell ? notesOf(cell) : `Channels ${channels.map((c) => attribute(c, 'id')).join(', ')} and a leak.`,
    `Imported from the NeuroML file ${file}.`,
    ...(initial ? [`Its initial voltage is ${required(initial, 'value', file, 'voltage')} mV.`] : []),
    ...(left.length > 0 ? [`Not imported, as no channel depends on it: ${left.join(', ')}.`] : []),
  ];
  return {
    name,
    title: attribute(cell ?? channels[0]!, 'id') ?? file,
    description: description.filter((part) => part !== '').join(' '),
    citations: [],
    capacitance: capacitance ? literal(required(capacitance, 'value', file, 'specificCapacitance')) : '1',
    definitions: usedDefinitions(context.definitions, modelChannels),
    channels: modelChannels,
    parameters,
  };
}

/** What the gates need; a document may define rates and variables that nothing refers to. */
function usedDefinitions(
  definitions: Readonly<Record<string, string>>,
  channels: readonly ChannelFile[],
): Record<string, string> {
  const used = new Set<string>();
  const visit = (expression: string): void => {
    for (const name of expression.match(/[A-Za-z_]\w*/g) ?? []) {
      if (used.has(name) || !Object.hasOwn(definitions, name)) continue;
      used.add(name);
      visit(definitions[name]!);
    }
  };
  for (const { alpha, beta, inf, tau } of channels.flatMap(({ gates }) => gates))
    for (const expression of [alpha, beta, inf, tau]) visit(expression ?? '');
  return Object.fromEntries(Object.entries(definitions).filter(([name]) => used.has(name)));
}

/** The document and those that it includes, which lie beside it. */
async function documents(root: Element, folder: string, file: string, seen: Set<string>): Promise<Element[]> {
  const found = [root];
  for (const include of children(root, 'include', 'Include')) {
    const href = attribute(include, 'href') ?? attribute(include, 'file') ?? '';
    const path = resolve(folder, href);
    if (seen.has(path)) continue;
    seen.add(path);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (cause) {
      // The definitions of the standard types are known here.
      if (/^(Cells|Channels|Networks|Simulation|NeuroML2CoreTypes|NeuroMLCoreDimensions|Inputs|PyNN|Synapses)\.xml$/.test(basename(href))) continue; // prettier-ignore
      const reason = cause instanceof Error ? cause.message : String(cause);
      const why = reason.startsWith('ENOENT') ? 'is not there' : `cannot be read: ${reason}`;
      throw neuromlError(file, include, `it includes «${href}», which ${why}`, 'Put the included file beside it; in a browser, put all into one file.'); // prettier-ignore
    }
    found.push(...(await documents(parseXml(text, basename(path)), dirname(path), basename(path), seen)));
  }
  return found;
}

function one(cell: Element, name: string, file: string): Element {
  const found = descendants(cell, name);
  if (found.length === 1) return found[0]!;
  throw neuromlError(file, found[1] ?? cell, `the cell has ${found.length} <${name}>, one is expected`, 'Only cells of one compartment can be imported.'); // prettier-ignore
}

const densityTags = ['channelDensity', 'channelPopulation'];

function densitiesOf(cell: Element, channels: readonly Element[], file: string): Density[] {
  const segments = descendants(cell, 'segment');
  if (segments.length > 1)
    throw neuromlError(file, segments[1]!, `the cell has ${segments.length} segments`, 'Only cells of one segment can be imported.'); // prettier-ignore
  const membrane = one(cell, 'membraneProperties', file);
  const known = [
    ...densityTags,
    'specificCapacitance',
    'initMembPotential',
    'spikeThresh',
    'notes',
    'annotation',
  ];
  const unknown = children(membrane).find((part) => !known.includes(tag(part)));
  if (unknown)
    throw neuromlError(
      file,
      unknown,
      `a <${tag(unknown)}>${attribute(unknown, 'id') === null ? '' : ` («${attribute(unknown, 'id')!}»)`} cannot be imported`,
      'Channels are imported from <channelDensity> and <channelPopulation> with a fixed reversal potential; write others as described in docs/models.md.',
    );
  const names = new Set<string>();
  return children(membrane, ...densityTags).map((element) => {
    const id = attribute(element, 'ionChannel') ?? '';
    const channel = channels.find((c) => attribute(c, 'id') === id);
    if (!channel)
      throw neuromlError(file, element, `there is no channel «${id}»`, 'Include the file that defines it.');
    const conductance =
      tag(element) === 'channelDensity'
        ? required(element, 'condDensity', file, 'conductanceDensity')
        : (required(element, 'number', file, 'none') *
            required(channel, 'conductance', file, 'conductance')) /
          area(segments[0], cell, file);
    const name = (attribute(element, 'id') ?? id).replace(/\W/g, '_');
    if (names.has(name))
      throw neuromlError(file, element, `two densities are called «${name}»`, 'Give every density an id of its own.'); // prettier-ignore
    names.add(name);
    return {
      name,
      channel,
      conductance: Number(conductance.toPrecision(12)),
      erevMv: required(element, 'erev', file, 'voltage'),
    };
  });
}

function densitiesOfChannels(channels: readonly Element[]): Density[] {
  return channels.map((channel) => ({
    name: (attribute(channel, 'id') ?? 'channel').replace(/\W/g, '_'),
    channel,
    conductance: 1,
    erevMv: usualReversalMv[(attribute(channel, 'species') ?? '').toLowerCase()] ?? 0,
  }));
}

/** The membrane of a segment, cm²: a frustum, or a sphere where its ends are one point. */
function area(segment: Element | undefined, cell: Element, file: string): number {
  const [proximal, distal] = ['proximal', 'distal'].map((end) => segment && children(segment, end)[0]);
  if (!proximal || !distal)
    throw neuromlError(file, segment ?? cell, 'the cell has no segment with a proximal and a distal end', 'A <channelPopulation> needs the area.'); // prettier-ignore
  // In µm, without a unit.
  const coordinate = (end: Element, name: string): number => required(end, name, file, 'none') * 1e-4;
  const length = Math.hypot(...['x', 'y', 'z'].map((c) => coordinate(distal, c) - coordinate(proximal, c)));
  const [r1, r2] = [coordinate(proximal, 'diameter') / 2, coordinate(distal, 'diameter') / 2];
  return length === 0 ? 4 * Math.PI * r1 * r1 : Math.PI * (r1 + r2) * Math.hypot(length, r1 - r2);
}

function modelChannel(density: Density, context: ChannelContext, parameters: ParameterSpec[]): ChannelFile {
  const { name, channel, conductance, erevMv } = density;
  const { gates, conductanceFactor } = importChannel(channel, name, context);
  const parameter = `g_${name}`;
  parameters.push({
    name: parameter,
    symbol: `g_${name}`,
    unit: 'mS/cm²',
    description: `Conductance of ${attribute(channel, 'id') ?? name}`,
    reference: conductance,
    prior: conductance > 0 ? { logUniform: [conductance / 5, conductance * 5] } : { uniform: [0, 1] },
  });
  const notes = notesOf(channel);
  return {
    name,
    ...(notes === '' ? {} : { description: notes }),
    conductance: conductanceFactor === null ? parameter : `${parameter} * ${conductanceFactor}`,
    reversal: literal(erevMv),
    gates,
  };
}

function leak(parameters: ParameterSpec[]): ChannelFile {
  parameters.push(
    { name: 'gl', symbol: 'g_l', unit: 'mS/cm²', description: 'Leak conductance', reference: 0.1, prior: { logUniform: [0.01, 1] } },
    { name: 'eLeak', symbol: 'E_l', unit: 'mV', description: 'Leak reversal potential', reference: -70, prior: { uniform: [-90, -50] } },
  ); // prettier-ignore
  return { name: 'leak', description: 'Leak current', conductance: 'gl', reversal: 'eLeak', gates: [] };
}
