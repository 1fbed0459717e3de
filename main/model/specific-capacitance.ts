import type { ModelFile } from '../contract/model.ts';
import { constantValue } from './constant-value.ts';
import { parseModel } from './parsed-model.ts';

/**
 * µF/cm² of a model, by which a cell's capacitance becomes its area: current densities are pA/pF times this. A capacitance that is
 * itself inferred decides nothing about the area: then 1, the usual value of membranes.
 */
export function specificCapacitance(model: ModelFile): number {
  const { capacitance, definitions } = parseModel(model);
  const meaning = new Map(definitions.map(({ name, expression }) => [name, expression]));
  return constantValue(capacitance, (name) => meaning.get(name)) ?? 1;
}
