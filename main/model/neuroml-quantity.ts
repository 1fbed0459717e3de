import { attribute, neuromlError, tag } from './neuroml-xml.ts';

/** A dimension by its name in LEMS. */
export type LemsDimension =
  | 'none'
  | 'voltage'
  | 'time'
  | 'per_time'
  | 'per_voltage'
  | 'temperature'
  | 'length'
  | 'conductance'
  | 'conductanceDensity'
  | 'specificCapacitance';

/** Factors to mV, ms, mS, µF, cm, µA; °C is an offset from K, in which LEMS calculates. */
const units: Record<string, readonly [dimension: LemsDimension, factor: number, offset?: number]> = {
  '': ['none', 1],
  mV: ['voltage', 1],
  V: ['voltage', 1e3],
  ms: ['time', 1],
  s: ['time', 1e3],
  us: ['time', 1e-3],
  per_ms: ['per_time', 1],
  per_s: ['per_time', 1e-3],
  Hz: ['per_time', 1e-3],
  per_mV: ['per_voltage', 1],
  per_V: ['per_voltage', 1e-3],
  K: ['temperature', 1],
  degC: ['temperature', 1, 273.15],
  um: ['length', 1e-4],
  cm: ['length', 1],
  m: ['length', 100],
  pS: ['conductance', 1e-9],
  nS: ['conductance', 1e-6],
  uS: ['conductance', 1e-3],
  mS: ['conductance', 1],
  S: ['conductance', 1e3],
  mS_per_cm2: ['conductanceDensity', 1],
  S_per_cm2: ['conductanceDensity', 1e3],
  S_per_m2: ['conductanceDensity', 0.1],
  uF_per_cm2: ['specificCapacitance', 1],
  F_per_m2: ['specificCapacitance', 100],
};

/**
 * A quantity such as «-54.387mV» or «0.3 mS_per_cm2» in the units of models.
 * @param dimension as the document or its standard declares it; one that is not known here, or null, lets every unit pass
 */
export function quantity(text: string, element: Element, file: string, dimension: string | null): number {
  const match = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(\w*)\s*$/.exec(text);
  const unit = match && Object.hasOwn(units, match[2]!) ? units[match[2]!] : undefined;
  const own = Object.keys(units).filter((name) => units[name]![0] === dimension);
  const known = own.length > 0 ? own : Object.keys(units);
  if (!match || !unit || !known.includes(match[2]!))
    throw neuromlError(
      file,
      element,
      dimension === 'none'
        ? `«${text}» is not a number without a unit`
        : `«${text}» is not a quantity in a unit that is known here (${known.filter(Boolean).join(', ')})`,
      dimension === 'none' ? 'Write a number alone.' : 'Write the quantity in one of these units.',
    );
  const [, factor, offset = 0] = unit;
  // 0.12 S_per_cm2 is 120 and not 119.99999999999999.
  return Number((Number(match[1]) * factor + offset).toPrecision(15));
}

/** A quantity that an element must have. */
export function required(element: Element, name: string, file: string, dimension: string | null): number {
  const text = attribute(element, name);
  if (text === null)
    throw neuromlError(file, element, `<${tag(element)}> has no attribute «${name}»`, 'Add the attribute.');
  return quantity(text, element, file, dimension);
}

/** Kelvin as the °C that people write: 289.45 K is 16.3 and not 16.300000000000011. */
export const celsiusOf = (kelvin: number): number => Number((kelvin - 273.15).toPrecision(12));
