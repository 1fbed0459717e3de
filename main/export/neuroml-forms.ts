import { constantValue } from '../model/constant-value.ts';
import { derivative } from '../model/derivative.ts';
import type { Expression } from '../model/expression.ts';
import type { Meaning } from './lems-dynamics.ts';

/** A rate or steady state of one of NeuroML's standard forms, in mV and whatever unit the rate has. */
export interface StandardForm {
  form: 'HHExp' | 'HHSigmoid' | 'HHExpLinear';
  rate: number;
  midpointMv: number;
  scaleMv: number;
}

/**
 * Finds c·exp(u), c/(1 + exp(u)) and c·u/(e^u − 1), where c is a constant and u = a·V + b, in whatever way they are written.
 *
 *   HHExp: rate·exp(x), HHSigmoid: rate/(1 + exp(−x)), HHExpLinear: rate·x/(1 − exp(−x)), x = (V − midpoint)/scale
 */
export function standardForm(expression: Expression, meaning: Meaning): StandardForm | null {
  let rate = 1;
  let found: { form: StandardForm['form']; u: Line } | null = null;
  for (const { factor, inverse } of factorsOf(expression, meaning)) {
    const value = constantValue(factor, meaning);
    if (value !== null) {
      rate *= inverse ? 1 / value : value;
      continue;
    }
    const next = special(factor, inverse, meaning);
    if (next === null || found !== null) return null;
    found = next;
  }
  if (found === null || !Number.isFinite(rate)) return null;
  const { form, u } = found;
  // exp: x = u; the others: x = −u.
  const slope = form === 'HHExp' ? u.slope : -u.slope;
  return { form, rate, midpointMv: -u.offset / u.slope, scaleMv: 1 / slope };
}

interface Line {
  slope: number;
  offset: number;
}

function special(
  factor: Expression,
  inverse: boolean,
  meaning: Meaning,
): { form: StandardForm['form']; u: Line } | null {
  if (factor.kind === 'call' && factor.function === 'exp') {
    const u = lineOf(factor.argument, meaning);
    if (u === null) return null;
    return { form: 'HHExp', u: inverse ? { slope: -u.slope, offset: -u.offset } : u };
  }
  if (factor.kind === 'call' && factor.function === 'exprelr' && !inverse) {
    const u = lineOf(factor.argument, meaning);
    return u && { form: 'HHExpLinear', u };
  }
  if (!inverse || factor.kind !== 'binary' || factor.operator !== '+') return null;
  const [one, other] = constantValue(factor.left, meaning) === 1 ? [true, factor.right] : [constantValue(factor.right, meaning) === 1, factor.left]; // prettier-ignore
  if (!one || other.kind !== 'call' || other.function !== 'exp') return null;
  const u = lineOf(other.argument, meaning);
  return u && { form: 'HHSigmoid', u };
}

/** a·V + b; null for anything else, and for constants. */
function lineOf(expression: Expression, meaning: Meaning): Line | null {
  const slope = constantValue(derivative(expression, 'V', meaning), meaning);
  if (slope === null || slope === 0) return null;
  const offset = constantValue(expression, (name) => name === 'V' ? { kind: 'number', value: 0 } : meaning(name)); // prettier-ignore
  return offset === null ? null : { slope, offset };
}

function factorsOf(
  expression: Expression,
  meaning: Meaning,
  inverse = false,
): { factor: Expression; inverse: boolean }[] {
  if (expression.kind === 'negate')
    return [
      { factor: { kind: 'number', value: -1 }, inverse: false },
      ...factorsOf(expression.argument, meaning, inverse),
    ];
  if (expression.kind === 'name') {
    const inner = meaning(expression.name);
    if (inner !== undefined && constantValue(inner, meaning) === null)
      return factorsOf(inner, meaning, inverse);
  }
  if (expression.kind === 'binary' && (expression.operator === '*' || expression.operator === '/')) {
    const right = expression.operator === '/' ? !inverse : inverse;
    return [...factorsOf(expression.left, meaning, inverse), ...factorsOf(expression.right, meaning, right)];
  }
  return [{ factor: expression, inverse }];
}
