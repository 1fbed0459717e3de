import { closureOf } from './expression-closure.ts';
import { namesIn, type Expression } from './expression.ts';

/**
 * The value of an expression that numbers alone make up; null where a parameter or something that changes takes part.
 * @param meaning what a name stands for: a definition is looked into
 */
export function constantValue(
  expression: Expression,
  meaning: (name: string) => Expression | undefined,
): number | null {
  const names = [...namesIn(expression).keys()];
  const values = names.map((name) => {
    const inner = meaning(name);
    return inner ? constantValue(inner, meaning) : null;
  });
  if (values.includes(null)) return null;
  const slots = Float64Array.from(values, (value) => value!);
  return closureOf(expression, (name) => names.indexOf(name))(slots);
}
