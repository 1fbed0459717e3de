import { AppError } from '../contract/errors.ts';
import type { Expression } from './expression.ts';
import type { Kinetics, ParsedModel } from './parsed-model.ts';
import { plainText, typeset } from './typeset.ts';
import { dimensionless, parseUnit, raised, sameDimension, times, unitName, type Dimension } from './units.ts';
import { voltageName } from './voltage-name.ts';

/**
 * Units of a model, checked by one rule: names have units, bare numbers take the one that their place needs. So a formula can be
 * typed as it was published (0.32·(V − 13) is a rate), and the checker finds parameters of the wrong unit, sums of unlike
 * quantities, and exponentials of a voltage that nothing divides. null = a unit that numbers leave open.
 */
type Found = Dimension | null;

const dimensionOf = (text: string): Dimension => parseUnit(text)!.dimension;
const mV = dimensionOf('mV');
const conductance = dimensionOf('mS/cm²');
const current = dimensionOf('µA/cm²');
const ms = dimensionOf('ms');
const perMs = dimensionOf('1/ms');
/** A formula of pure numbers may be a time or a rate: exp(−(V + 55)/10). */
const alsoPlain = [ms, perMs];

/** @throws AppError model-invalid, which says where, what unit was found and which was expected */
export function checkUnits(model: ParsedModel): void {
  const known = new Map<string, Found>([['V', mV]]);
  const refuse = (where: string, key: string, what: string, remedy: string): never => {
    throw new AppError('model-invalid', `In ${where} of the model «${model.file.name}»: ${what}.`, {
      remedy,
      details: { model: model.file.name, key },
    });
  };
  const unitOf = (text: string, where: string, key: string): Found => {
    if (text.trim() === '') return null;
    const unit = parseUnit(text);
    if (unit === null)
      return refuse(
        where,
        key,
        `the unit «${text}» is not known`,
        'Write units as mV, ms, 1/ms, mS/cm², µA/cm², µF/cm², mM, °C, or 1 for a pure number; leave it empty for a quantity that is not to be checked.',
      );
    if (Math.abs(unit.decade) > 1e-9)
      return refuse(
        where,
        key,
        `the unit is ${text}, but models are calculated in ${unitName(unit.dimension)}`,
        `Give the values in ${unitName(unit.dimension)}.`,
      );
    return unit.dimension;
  };
  const check = (expression: Expression, expected: Found, where: string, key: string): Found => {
    const fail = (part: Expression, what: string): never =>
      refuse(
        where,
        key,
        `«${plainText(typeset(part, (name) => name))}» ${what}`,
        'Correct the expression or the units of the quantities in it; docs/models.md has the rules.',
      );
    const found = infer(expression, known, fail);
    if (found === null || expected === null || sameDimension(found, expected)) return found ?? expected;
    const plain =
      sameDimension(found, dimensionless) && alsoPlain.some((unit) => sameDimension(unit, expected));
    if (!plain)
      refuse(
        where,
        key,
        `the result is ${unitName(found)}, but ${unitName(expected)} is expected`,
        'Correct the expression or the units of the quantities in it; docs/models.md has the rules.',
      );
    return expected;
  };
  const checkKinetics = (kinetics: Kinetics, where: string, key: string): void => {
    if (kinetics.kind === 'rates') {
      check(kinetics.alpha, perMs, `alpha of ${where}`, `${key}.alpha`);
      check(kinetics.beta, perMs, `beta of ${where}`, `${key}.beta`);
    } else check(kinetics.inf, dimensionless, `inf of ${where}`, `${key}.inf`);
    if (kinetics.kind === 'steady') check(kinetics.tau, ms, `tau of ${where}`, `${key}.tau`);
    if (kinetics.kind !== 'instantaneous' && kinetics.speed)
      check(kinetics.speed, dimensionless, `speed of ${where}`, `${key}.speed`);
  };

  for (const { name } of model.compartments) known.set(voltageName(name), mV);
  model.file.parameters.forEach(({ name, unit }, i) =>
    known.set(name, unitOf(unit, `parameter ${name}`, `parameters.${i}.unit`)),
  );
  model.states.forEach(({ name, unit }, i) =>
    known.set(name, unitOf(unit, `state ${name}`, `states.${i}.unit`)),
  );
  for (const { name } of model.gates) known.set(name, dimensionless);
  for (const { name } of [...model.channels, ...model.currents]) known.set(`I_${name}`, current);
  for (const { name, expression } of model.definitions)
    known.set(name, check(expression, null, `the definition of ${name}`, `definitions.${name}`));
  model.gates.forEach(({ name, kinetics }, i) => checkKinetics(kinetics, `the shared gate ${name}`, `gates.${i}`)); // prettier-ignore
  check(model.capacitance, dimensionOf('µF/cm²'), 'the capacitance', 'capacitance');
  model.channels.forEach((channel, i) => {
    const of = `of channel ${channel.name}`;
    check(channel.conductance, conductance, `the conductance ${of}`, `channels.${i}.conductance`);
    check(channel.reversal, mV, `the reversal potential ${of}`, `channels.${i}.reversal`);
    channel.gates.forEach(({ name, power, kinetics }, j) => {
      const key = `channels.${i}.gates.${j}`;
      check(power, dimensionless, `the power of gate ${name} ${of}`, `${key}.power`);
      if (kinetics.kind !== 'shared') checkKinetics(kinetics, `gate ${name} ${of}`, key);
    });
  });
  model.currents.forEach(({ name, current: expression }, i) =>
    check(expression, current, `the current ${name}`, `currents.${i}.current`),
  );
  model.compartments.forEach(({ name, area }, i) => {
    if (area) check(area, dimensionless, `the area of compartment ${name}`, `compartments.${i}.area`);
  });
  model.couplings.forEach(({ conductance: g }, i) =>
    check(g, conductance, `coupling ${i + 1}`, `couplings.${i}.conductance`),
  );
  model.states.forEach(({ name, initial, derivative, noise }, i) => {
    const own = known.get(name) ?? null;
    const key = `states.${i}`;
    check(initial, own, `the initial value of ${name}`, `${key}.initial`);
    check(derivative, own && times(own, ms, -1), `the derivative of ${name}`, `${key}.derivative`);
    if (noise) check(noise, own && times(own, ms, -0.5), `the noise of ${name}`, `${key}.noise`);
  });
  if (model.noise) check(model.noise, times(current, ms, 0.5), 'the noise', 'noise');
  if (model.spike) {
    check(model.spike.threshold, mV, "the spike's threshold", 'spike.threshold');
    check(model.spike.peak, mV, "the spike's peak", 'spike.peak');
    for (const { name, expression } of model.spike.reset)
      check(expression, known.get(name) ?? null, `the spike's reset of ${name}`, `spike.reset.${name}`);
    if (model.spike.refractory) check(model.spike.refractory, ms, 'the refractory time', 'spike.refractory');
  }
}

/** @param fail says of a part what is wrong with it */
function infer(
  expression: Expression,
  known: ReadonlyMap<string, Found>,
  fail: (part: Expression, what: string) => never,
): Found {
  const of = (part: Expression): Found => infer(part, known, fail);
  const alike = (a: Found, b: Found, what: string): Found => {
    if (a !== null && b !== null && !sameDimension(a, b))
      fail(expression, `${what} ${unitName(a)} and ${unitName(b)}`);
    return a ?? b;
  };
  const plain = (part: Expression, what: string): void => {
    const found = of(part);
    if (found !== null && !sameDimension(found, dimensionless))
      fail(
        expression,
        `${what} ${unitName(found)}; a pure number is expected: divide by a scale of that unit`,
      );
  };
  switch (expression.kind) {
    case 'number':
      return null;
    case 'name':
      return known.get(expression.name) ?? null;
    case 'negate':
      return of(expression.argument);
    case 'if':
      alike(of(expression.left), of(expression.right), 'compares');
      return alike(of(expression.then), of(expression.otherwise), 'chooses between');
    case 'call':
      if (expression.function === 'abs') return of(expression.argument);
      if (expression.function === 'sqrt') {
        const found = of(expression.argument);
        return found && raised(found, 0.5);
      }
      plain(expression.argument, `takes ${expression.function} of`);
      return dimensionless;
    case 'binary': {
      const { operator, left, right } = expression;
      const [a, b] = [of(left), of(right)];
      if (operator === '+') return alike(a, b, 'adds');
      if (operator === '-') return alike(a, b, 'subtracts');
      if (operator === '^') {
        plain(right, 'has the exponent');
        if (a === null || sameDimension(a, dimensionless)) return a;
        return right.kind === 'number' ? raised(a, right.value) : null;
      }
      return a && b && times(a, b, operator === '*' ? 1 : -1);
    }
  }
}
