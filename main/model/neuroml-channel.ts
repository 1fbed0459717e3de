import type { ChannelFile } from '../contract/model.ts';
import { celsiusOf, required } from './neuroml-quantity.ts';
import { literal, rateExpression, temperatureError, type RateContext } from './neuroml-rates.ts';
import { attribute, children, neuromlError, tag } from './neuroml-xml.ts';

type GateFile = ChannelFile['gates'][number];

export interface ChannelContext extends Pick<RateContext, 'file' | 'types' | 'definitions'> {
  /** null = the document does not say. */
  kelvin: number | null;
}
export interface ImportedChannel {
  gates: GateFile[];
  /** What Q10 makes of the conductance. */
  conductanceFactor: string | null;
}

const gateTypes = [
  'gateHHrates',
  'gateHHtauInf',
  'gateHHratesTau',
  'gateHHratesInf',
  'gateHHratesTauInf',
  'gateHHInstantaneous',
];
/** Parts of a channel that say nothing about its current in a cell: the cell gives the density. */
const silent = ['notes', 'annotation', 'property'];

/** An ionChannelHH or ionChannelPassive: its gates in the language of models. @param name of the channel in the model */
export function importChannel(channel: Element, name: string, context: ChannelContext): ImportedChannel {
  const { file } = context;
  const type = attribute(channel, 'type') ?? tag(channel);
  if (!['ionChannelHH', 'ionChannelPassive', 'ionChannel'].includes(type))
    throw neuromlError(file, channel, `the channel «${attribute(channel, 'id') ?? ''}» is a <${type}>, which cannot be imported`, 'Channels of the kinds ionChannelHH and ionChannelPassive can.'); // prettier-ignore
  const gates: GateFile[] = [];
  let conductanceFactor: string | null = null;
  for (const part of children(channel)) {
    if (silent.includes(tag(part))) continue;
    if (tag(part) === 'q10ConductanceScaling') conductanceFactor = q10(part, context);
    else if (tag(part).startsWith('gate')) gates.push(importGate(part, name, context));
    else
      throw neuromlError(file, part, `<${tag(part)}> in the channel «${attribute(channel, 'id') ?? ''}» cannot be imported`, 'Remove it, or write the model as described in docs/models.md.'); // prettier-ignore
  }
  return { gates, conductanceFactor };
}

function importGate(gate: Element, channel: string, context: ChannelContext): GateFile {
  const { file } = context;
  const type = attribute(gate, 'type') ?? tag(gate);
  if (!gateTypes.includes(type))
    throw neuromlError(file, gate, `the gate «${attribute(gate, 'id') ?? ''}» is a <${type}>, which cannot be imported`, `Gates of the kinds ${gateTypes.join(', ')} can.`); // prettier-ignore
  const id = (attribute(gate, 'id') ?? 'x').replace(/\W/g, '_');
  const only = (name: string): Element => {
    const found = children(gate, name)[0];
    if (!found) throw neuromlError(file, gate, `the gate «${id}» has no <${name}>`, `A ${type} needs one.`);
    return found;
  };
  const settings = children(gate, 'q10Settings')[0];
  const speed = settings ? q10(settings, context) : null;
  const known: Record<string, string> = { rateScale: speed ?? '1' };
  if (context.kelvin !== null) known['temperature'] = literal(context.kelvin);
  const rate = (name: string): string =>
    rateExpression(only(name), { ...context, known, prefix: `${channel}_${id}_${name}` });
  const named = (name: 'alpha' | 'beta', element: string): string => {
    const definition = `${channel}_${id}_${name}`;
    context.definitions[definition] = rate(element);
    known[name] = definition;
    return definition;
  };
  const base = { name: id, power: required(gate, 'instances', file, 'none') };
  const scaled = speed === null ? {} : { speed };
  if (type === 'gateHHInstantaneous') return { ...base, inf: rate('steadyState') };
  if (type === 'gateHHrates')
    return { ...base, alpha: rate('forwardRate'), beta: rate('reverseRate'), ...scaled };
  if (type === 'gateHHtauInf')
    return { ...base, inf: rate('steadyState'), tau: rate('timeCourse'), ...scaled };
  const alpha = named('alpha', 'forwardRate');
  const beta = named('beta', 'reverseRate');
  const inf = type === 'gateHHratesTau' ? `${alpha} / (${alpha} + ${beta})` : rate('steadyState');
  const tau = type === 'gateHHratesInf' ? `1 / (${alpha} + ${beta})` : rate('timeCourse');
  return { ...base, inf, tau, ...scaled };
}

/** q10Fixed, or q10ExpTemp: factor^((T − T₀)/10). */
function q10(settings: Element, { file, kelvin }: ChannelContext): string {
  if (attribute(settings, 'fixedQ10') !== null) return literal(required(settings, 'fixedQ10', file, 'none'));
  if (kelvin === null) throw temperatureError(file, settings);
  const factor = required(settings, 'q10Factor', file, 'none');
  const at = required(settings, 'experimentalTemp', file, 'temperature');
  return `${literal(factor)} ^ ((${literal(celsiusOf(kelvin))} - ${literal(celsiusOf(at))}) / 10)`;
}
