/**
 * Units as products of powers of mV, ms, µA, cm, µmol and °C, in which a model is calculated: mS = µA/mV, µF = µA·ms/mV,
 * mM = µmol/cm³ follow without factors.
 */
const baseNames = ['mV', 'ms', 'µA', 'cm', 'µmol', '°C'] as const;

/** Exponents of the base units, in their order. */
export type Dimension = readonly number[];
export interface Unit {
  dimension: Dimension;
  /** log₁₀ of the unit in base units; 0 = no factor. */
  decade: number;
}

const unit = (decade: number, ...dimension: number[]): Unit => ({ decade, dimension });
/** Without prefix. */
const symbols: Record<string, Unit> = {
  V: unit(3, 1, 0, 0, 0, 0, 0),
  s: unit(3, 0, 1, 0, 0, 0, 0),
  A: unit(6, 0, 0, 1, 0, 0, 0),
  m: unit(2, 0, 0, 0, 1, 0, 0),
  mol: unit(6, 0, 0, 0, 0, 1, 0),
  K: unit(0, 0, 0, 0, 0, 0, 1),
  '°C': unit(0, 0, 0, 0, 0, 0, 1),
  degC: unit(0, 0, 0, 0, 0, 0, 1),
  S: unit(3, -1, 0, 1, 0, 0, 0),
  F: unit(6, -1, 1, 1, 0, 0, 0),
  Ω: unit(-3, 1, 0, -1, 0, 0, 0),
  ohm: unit(-3, 1, 0, -1, 0, 0, 0),
  C: unit(9, 0, 1, 1, 0, 0, 0),
  M: unit(3, 0, 0, 0, -3, 1, 0),
  Hz: unit(-3, 0, -1, 0, 0, 0, 0),
  '1': unit(0, 0, 0, 0, 0, 0, 0),
};
/** Micro as U+00B5, as U+03BC and as u. */
const prefixes: Record<string, number> = {
  p: -12,
  n: -9,
  '\u00b5': -6,
  '\u03bc': -6,
  u: -6,
  m: -3,
  c: -2,
  k: 3,
  M: 6,
};
const superscripts: Record<string, string> = { '⁻': '-', '¹': '1', '²': '2', '³': '3', '⁴': '4' };

export const dimensionless: Dimension = [0, 0, 0, 0, 0, 0];

export const times = (a: Dimension, b: Dimension, power = 1): Dimension =>
  a.map((exponent, i) => exponent + power * b[i]!);
export const raised = (a: Dimension, power: number): Dimension => a.map((exponent) => exponent * power);
export const sameDimension = (a: Dimension, b: Dimension): boolean =>
  a.every((exponent, i) => Math.abs(exponent - b[i]!) < 1e-9);

function symbolUnit(text: string): Unit | null {
  const whole = symbols[text];
  if (whole) return whole;
  const [prefix = '', ...rest] = text;
  const [decade, base] = [prefixes[prefix], symbols[rest.join('')]];
  if (decade === undefined || !base || rest.join('') === '1') return null;
  return { dimension: base.dimension, decade: base.decade + decade };
}

/** A unit as papers write it: «mS/cm²», «µA·√ms/cm²», «mM·cm²/(µA·ms)», «1/ms», «1»; null where it is not known. */
export function parseUnit(text: string): Unit | null {
  const tokens = text
    .replace(/[⁻¹²³⁴]+/g, (run) => `^${[...run].map((c) => superscripts[c]!).join('')}`)
    // cm2 is cm².
    .replace(/([A-Za-z])(\d)/g, '$1^$2')
    .match(/[()/·*√]|\^-?\d+|[A-Za-z\u00b5\u03bc\u00b0\u03a9\u2126]+|1|\S/g);
  if (tokens === null) return null;
  let position = 0;
  const result = product();
  return result !== null && position === tokens.length ? result : null;

  function product(): Unit | null {
    let dimension = dimensionless;
    let decade = 0;
    let isFirst = true;
    while (position < tokens!.length && tokens![position] !== ')') {
      let power = 1;
      const operator = tokens![position]!;
      if (operator === '/' || operator === '·' || operator === '*') {
        if (isFirst) return null;
        position++;
        if (operator === '/') power = -1;
      }
      const next = factor();
      if (next === null) return null;
      dimension = times(dimension, next.dimension, power);
      decade += power * next.decade;
      isFirst = false;
    }
    return isFirst ? null : { dimension, decade };
  }
  function factor(): Unit | null {
    let root = 1;
    if (tokens![position] === '√') {
      root = 0.5;
      position++;
    }
    let inner: Unit | null;
    if (tokens![position] === '(') {
      position++;
      inner = product();
      if (tokens![position] !== ')') return null;
    } else inner = symbolUnit(tokens![position] ?? '');
    position++;
    const exponent = /^\^(-?\d+)$/.exec(tokens![position] ?? '');
    if (exponent) position++;
    const power = root * (exponent ? Number(exponent[1]) : 1);
    return inner && { dimension: raised(inner.dimension, power), decade: inner.decade * power };
  }
}

/** The unit of a dimension in the words of physiologists. */
export function unitName(dimension: Dimension): string {
  const common = [
    '1',
    'mV',
    'ms',
    '1/ms',
    'mS/cm²',
    'µA/cm²',
    'µF/cm²',
    'mM',
    'mM/ms',
    'mV/ms',
    '°C',
    'mV·ms',
    '1/mV',
    'mS',
    'µA',
    'µF',
  ];
  const known = [...common, 'µA·√ms/cm²', '√ms', '1/√ms', 'mM·cm²/(µA·ms)'].find((name) =>
    sameDimension(parseUnit(name)!.dimension, dimension),
  );
  if (known === '1') return 'a pure number';
  const factors = dimension.flatMap((exponent, i) =>
    exponent === 0 ? [] : [exponent === 1 ? baseNames[i]! : `${baseNames[i]!}^${exponent}`],
  );
  return known ?? factors.join('·');
}
