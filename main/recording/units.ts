/** What a series measures, and the factor from its unit to mV or pA. */
export interface UnitMeaning {
  quantity: 'voltage' | 'current';
  /** Multiplies a value in the stated unit to give mV or pA. */
  toInternal: number;
}

const prefixes: Record<string, number> = { '': 1, m: 1e-3, u: 1e-6, µ: 1e-6, μ: 1e-6, n: 1e-9, p: 1e-12 };
const longPrefixes: Record<string, string> = { milli: 'm', micro: 'u', nano: 'n', pico: 'p' };
const MV_PER_VOLT = 1e3;
const PA_PER_AMPERE = 1e12;

/**
 * The meaning of a unit as files spell it: volts, V, mV, millivolts; amperes, amps, A, pA, picoamperes; null for anything
 * else. NWB asks for SI units (volts, amperes) after conversion, but not every writer follows.
 */
export function unitMeaning(unit: string): UnitMeaning | null {
  const match = /^(milli|micro|nano|pico|[muµμnp]?)(volts?|v|amperes?|amps?|a)$/i.exec(unit.trim());
  if (match === null) return null;
  const stated = match[1]!;
  // M would be mega: a one-letter prefix counts only in lower case
  const prefix = longPrefixes[stated.toLowerCase()] ?? stated;
  const factor = prefixes[prefix];
  if (factor === undefined) return null;
  return match[2]!.toLowerCase().startsWith('v')
    ? { quantity: 'voltage', toInternal: factor * MV_PER_VOLT }
    : { quantity: 'current', toInternal: factor * PA_PER_AMPERE };
}
