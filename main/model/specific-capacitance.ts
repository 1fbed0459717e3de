import type { ModelFile } from '../contract/model.ts';
import { closureOf } from './expression-closure.ts';
import { namesIn } from './expression.ts';
import { parseModel } from './parsed-model.ts';

/**
 * µF/cm² of a model, by which a cell's capacitance becomes its area: current densities are pA/pF times this. A capacitance that is
 * itself inferred decides nothing about the area: then 1, the usual value of membranes.
 */
export function specificCapacitance(model: ModelFile): number {
  const parsed = parseModel(model);
  const values = new Map(parsed.definitions.map(({ name, expression }) => [name, expression]));
  const evaluate = (expression: (typeof parsed)['capacitance']): number => {
    const inner = [...namesIn(expression).keys()].map((name) => {
      const definition = values.get(name);
      return [name, definition ? evaluate(definition) : NaN] as const;
    });
    const names = inner.map(([name]) => name);
    const slots = Float64Array.from(inner, ([, value]) => value);
    return closureOf(expression, (name) => names.indexOf(name))(slots);
  };
  const value = evaluate(parsed.capacitance);
  return Number.isNaN(value) ? 1 : value;
}
