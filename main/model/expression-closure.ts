import type { Expression, FunctionName } from './expression.ts';

/** A value that changes from call to call lives in a slot of an array; the closure reads it there. */
export type Closure = (slots: Float64Array) => number;

/** z/(e^z − 1); 1 − z/2 for |z| < 1e-4, where the next term z²/12 is below 1e-9. */
export function exprelr(z: number): number {
  return Math.abs(z) < 1e-4 ? 1 - z / 2 : z / (Math.exp(z) - 1);
}

const functions: Record<FunctionName, (x: number) => number> = {
  exp: Math.exp,
  exprelr,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  tanh: Math.tanh,
  cosh: Math.cosh,
};

/**
 * An expression as a plain function in double precision, by composing closures: no code is generated, so it also runs
 * where a content security policy forbids eval.
 * @param slotOf the slot of a name; names were checked before
 */
export function closureOf(expression: Expression, slotOf: (name: string) => number): Closure {
  switch (expression.kind) {
    case 'number': {
      const { value } = expression;
      return () => value;
    }
    case 'name': {
      const slot = slotOf(expression.name);
      return (slots) => slots[slot]!;
    }
    case 'negate': {
      const argument = closureOf(expression.argument, slotOf);
      return (slots) => -argument(slots);
    }
    case 'call': {
      const argument = closureOf(expression.argument, slotOf);
      const apply = functions[expression.function];
      return (slots) => apply(argument(slots));
    }
    case 'if': {
      const left = closureOf(expression.left, slotOf);
      const right = closureOf(expression.right, slotOf);
      const then = closureOf(expression.then, slotOf);
      const otherwise = closureOf(expression.otherwise, slotOf);
      return expression.operator === '<'
        ? (slots) => (left(slots) < right(slots) ? then(slots) : otherwise(slots))
        : (slots) => (left(slots) <= right(slots) ? then(slots) : otherwise(slots));
    }
    case 'binary': {
      const left = closureOf(expression.left, slotOf);
      const right = closureOf(expression.right, slotOf);
      switch (expression.operator) {
        case '+':
          return (slots) => left(slots) + right(slots);
        case '-':
          return (slots) => left(slots) - right(slots);
        case '*':
          return (slots) => left(slots) * right(slots);
        case '/':
          return (slots) => left(slots) / right(slots);
        case '^':
          return (slots) => left(slots) ** right(slots);
      }
    }
  }
}
