import type { RandomStream as Random } from '../../../main/numeric/random.ts';

/**
 * Random expressions with a plain evaluator of their own, which knows how far a computation in double precision may be off: the
 * parser and the compiler are compared with it. Values are [value, bound of the absolute error]; a bound of Infinity says that the
 * value decides nothing (a comparison of equals, an exponential out of range).
 */
export interface RandomExpression {
  text: string;
  evaluate(names: Record<string, number>): Bounded;
}
export type Bounded = readonly [value: number, bound: number];

const ulp = 2 ** -52;
const unsure: Bounded = [NaN, Infinity];
/** Beyond it the compiled exponential may saturate, with what is shared between exponentials. */
const largestExponent = 600;

type Make = (random: Random, depth: number) => RandomExpression;

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random.uniform() * from.length)]!;
}

const named =
  (name: string): Make =>
  () => ({ text: name, evaluate: (names) => [names[name]!, 0] });
const decimal: Make = (random) => {
  const value = (1 + Math.floor(random.uniform() * 99)) / 10;
  return { text: random.uniform() < 0.1 ? `${value * 10}e-1` : String(value), evaluate: () => [value, 0] };
};

export const randomExpression: Make = (random, depth) => {
  if (depth === 0) return pick(random, [named('a'), named('b'), named('V'), decimal])(random, 0);
  return pick(random, [sum, sum, product, product, power, called, called, choice, extreme, negative, linoid])(
    random,
    depth,
  );
};
const smaller: Make = (random, depth) => randomExpression(random, Math.floor(random.uniform() * depth));

const sum: Make = (random, depth) => {
  const [l, r] = [smaller(random, depth), smaller(random, depth)];
  const minus = random.uniform() < 0.5;
  return {
    text: `(${l.text} ${minus ? '-' : '+'} ${r.text})`,
    evaluate: (names) => {
      const [[a, ea], [b, eb]] = [l.evaluate(names), r.evaluate(names)];
      // Constants may be added up first, so the bound is that of the terms and not of the sum.
      return [minus ? a - b : a + b, ea + eb + 2 * ulp * (Math.abs(a) + Math.abs(b))];
    },
  };
};
const product: Make = (random, depth) => {
  const [l, r] = [smaller(random, depth), smaller(random, depth)];
  if (random.uniform() < 0.5)
    return {
      text: `(${l.text} * ${r.text})`,
      evaluate: (names) => {
        const [[a, ea], [b, eb]] = [l.evaluate(names), r.evaluate(names)];
        return [a * b, Math.abs(a) * eb + Math.abs(b) * ea + ea * eb + 4 * ulp * Math.abs(a * b)];
      },
    };
  return {
    text: `(${l.text} / ${r.text})`,
    evaluate: (names) => quotient(l.evaluate(names), r.evaluate(names)),
  };
};
function quotient([a, ea]: Bounded, [b, eb]: Bounded): Bounded {
  if (!(eb < Math.abs(b) / 2)) return unsure;
  const value = a / b;
  return [value, (ea + Math.abs(value) * eb) / (Math.abs(b) - eb) + 6 * ulp * Math.abs(value)];
}
const power: Make = (random, depth) => {
  const base = smaller(random, depth);
  const exponent = pick(random, [-2, -1, 0.5, 2, 3, 7, 1 / 3, 2.5]);
  const text = exponent === 1 / 3 ? '(1 / 3)' : String(exponent);
  return {
    text: `((${base.text}) ^ ${text})`,
    evaluate: (names) => {
      const [a, ea] = base.evaluate(names);
      if (!(ea < Math.abs(a) / 4)) return unsure;
      if (!Number.isInteger(exponent) && a <= 0) return unsure;
      const value = a ** exponent;
      const scale = Math.abs(exponent) * 2;
      return [
        value,
        Math.abs(value) * scale * (ea / Math.abs(a) + (8 + Math.abs(Math.log(Math.abs(a)))) * ulp),
      ];
    },
  };
};
const negative: Make = (random, depth) => {
  const of = smaller(random, depth);
  return {
    text: `(-${of.text})`,
    evaluate: (names) => {
      const [a, ea] = of.evaluate(names);
      return [-a, ea];
    },
  };
};

const functions: Record<string, (x: number, error: number) => Bounded> = {
  exp: (x, e) =>
    Math.abs(x) > largestExponent
      ? unsure
      : [Math.exp(x), Math.exp(x) * (Math.expm1(e) + (16 + 4 * Math.abs(x)) * ulp)],
  // z/(e^z − 1) loses 1/|z| of the digits down to the limit of its series, 0.004; its slope is at most 1.
  exprelr: (x, e) =>
    Math.abs(x) > largestExponent ? unsure : [linoidOf(x), e + (1 + Math.abs(x)) * 1500 * ulp],
  log: (x, e) => (e < x / 2 ? [Math.log(x), (2 * e) / x + (8 + 8 * Math.abs(Math.log(x))) * ulp] : unsure),
  sqrt: (x, e) => (e < x / 2 ? [Math.sqrt(x), e / Math.sqrt(x) + 4 * ulp * Math.sqrt(x)] : unsure),
  abs: (x, e) => [Math.abs(x), e],
  tanh: (x, e) => [Math.tanh(x), e + (16 + 8 * Math.abs(x)) * ulp],
  cosh: (x, e) =>
    Math.abs(x) > largestExponent
      ? unsure
      : [Math.cosh(x), Math.cosh(x) * (Math.expm1(e) + (16 + 4 * Math.abs(x)) * ulp)],
};
const linoidOf = (z: number): number => (z === 0 ? 1 : z / Math.expm1(z));

const called: Make = (random, depth) => {
  const name = pick(random, Object.keys(functions));
  const of = smaller(random, depth);
  return {
    text: `${name}(${of.text})`,
    evaluate: (names) => {
      const [x, error] = of.evaluate(names);
      return Number.isFinite(error) ? functions[name]!(x, error) : unsure;
    },
  };
};
const choice: Make = (random, depth) => {
  const [l, r, then, otherwise] = [0, 1, 2, 3].map(() => smaller(random, depth)) as [
    RandomExpression,
    RandomExpression,
    RandomExpression,
    RandomExpression,
  ];
  const operator = pick(random, ['<', '<=', '>', '>=']);
  return {
    text: `if(${l.text} ${operator} ${r.text}, ${then.text}, ${otherwise.text})`,
    evaluate: (names) => {
      const [[a, ea], [b, eb]] = [l.evaluate(names), r.evaluate(names)];
      if (!(Math.abs(a - b) > ea + eb + ulp * Math.abs(a))) return unsure;
      return (a < b === operator.startsWith('<') ? then : otherwise).evaluate(names);
    },
  };
};
const extreme: Make = (random, depth) => {
  const [l, r] = [smaller(random, depth), smaller(random, depth)];
  const name = pick(random, ['min', 'max'] as const);
  return {
    text: `${name}(${l.text}, ${r.text})`,
    evaluate: (names) => {
      const [[a, ea], [b, eb]] = [l.evaluate(names), r.evaluate(names)];
      if (Number.isNaN(a) || Number.isNaN(b)) return unsure;
      return [Math[name](a, b), Math.max(ea, eb)];
    },
  };
};
/** As rates are published, with its removable singularity and no guard. */
const linoid: Make = (random) => {
  const at = Math.floor(random.uniform() * 80) / 4;
  const scale = pick(random, [3.8, 4, 5, 10, -10]);
  // Of a/(1 − e^{−u}) and its kin: numerator ∝ u.
  const forms = [
    `(V - ${at}) / (1 - exp(-(V - ${at}) / ${scale}))`,
    `-(${at} - V) / (1 - exp((${at} - V) / ${scale}))`,
    `0.5 * (${at} - V) / ((exp((${at} - V) / ${scale}) - 1) * 0.5)`,
  ];
  return {
    text: `(${pick(random, forms)})`,
    evaluate: ({ V }) => {
      const z = -(V! - at) / scale;
      return [scale * linoidOf(z), Math.abs(scale) * (1 + Math.abs(z)) * 1500 * ulp];
    },
  };
};
