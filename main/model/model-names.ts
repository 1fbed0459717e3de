import { AppError } from '../contract/errors.ts';
import type { ModelFile } from '../contract/model.ts';
import { constantValue } from './constant-value.ts';
import {
  expressionError,
  namesIn,
  parseExpression,
  partsOf,
  reservedWords,
  type Expression,
} from './expression.ts';
import { withoutSingularities } from './linoid.ts';
import { plainText, typeset } from './typeset.ts';

/** An error of a model file. @param key where in the document: channels.0.gates.1.alpha */
export function modelError(model: ModelFile, key: string, message: string, remedy: string): AppError {
  return new AppError('model-invalid', `The model «${model.name}» ${message}.`, {
    remedy,
    details: { model: model.name, key },
  });
}

/** The same refusal, which also says where in the document. */
function withKey(error: AppError, key: string): AppError {
  return new AppError(error.code, error.message, {
    remedy: error.remedy,
    cause: error,
    details: { ...error.details, key },
  });
}

/**
 * What an expression of a place may use: `constant` = what stays the same during a simulation; `dynamic` = also voltages, states,
 * shared gates; `flux` = also the currents I_<channel> (outward positive, µA/cm²).
 */
export type Scope = 'constant' | 'dynamic' | 'flux';

interface Known {
  scope: Scope;
  /** What the name stands for; undefined for quantities of their own. */
  expression: Expression | undefined;
}

/** The names of a model, which expressions used which, and what each stands for. */
export class ModelNames {
  readonly #model: ModelFile;
  readonly #known = new Map<string, Known>();
  readonly #used = new Set<string>();

  constructor(model: ModelFile) {
    this.#model = model;
  }

  readonly meaning = (name: string): Expression | undefined => this.#known.get(name)?.expression;

  /** @param what for messages: «parameter», «definition» */
  add(name: string, scope: Scope, what: string, key: string, expression?: Expression): void {
    if (!/^[A-Za-z_]\w*$/.test(name))
      throw modelError(
        this.#model,
        key,
        `has a ${what} named «${name}», which no expression could use`,
        'Use letters, digits and _, the first not a digit.',
      );
    if (reservedWords.includes(name))
      throw modelError(
        this.#model,
        key,
        `uses the reserved name «${name}» for a ${what}`,
        `Choose another name than V, ${reservedWords.join(', ')}.`,
      );
    if (this.#known.has(name))
      throw modelError(
        this.#model,
        key,
        name === 'V'
          ? `uses the reserved name «V» for a ${what}`
          : `gives the name «${name}» twice, once to a ${what}`,
        'Give every parameter, definition, state and shared gate its own name.',
      );
    this.#known.set(name, { scope, expression });
  }

  /**
   * Parses an expression and checks its names.
   * @param where what it is, for messages: «alpha of gate m of channel Na»
   */
  parse(source: string, where: string, key: string, scope: Scope): Expression {
    try {
      const expression = parseExpression(source, `${where} of the model «${this.#model.name}»`);
      for (const [name, at] of namesIn(expression)) this.#check(source, where, name, at, scope);
      this.#checkDivisions(expression, where);
      return withoutSingularities(expression, this.meaning);
    } catch (error) {
      throw error instanceof AppError ? withKey(error, key) : error;
    }
  }

  /** The widest scope of what an expression uses. */
  scopeOf(expression: Expression): Scope {
    const scopes = [...namesIn(expression).keys()].map((name) => this.#known.get(name)!.scope);
    return (['flux', 'dynamic'] as const).find((scope) => scopes.includes(scope)) ?? 'constant';
  }

  isUsed(name: string): boolean {
    return this.#used.has(name);
  }
  use(name: string): void {
    this.#used.add(name);
  }

  #checkDivisions(expression: Expression, where: string): void {
    for (const part of partsOf(expression)) this.#checkDivisions(part, where);
    if (expression.kind !== 'binary' || expression.operator !== '/') return;
    if (constantValue(expression.right, this.meaning) !== 0) return;
    const shown = plainText(typeset(expression, (name) => name));
    throw new AppError(
      'model-invalid',
      `In ${where} of the model «${this.#model.name}»: «${shown}» divides by zero.`,
      {
        remedy: 'Correct the expression in the model file.',
        details: { model: this.#model.name },
      },
    );
  }

  #check(source: string, where: string, name: string, at: number, scope: Scope): void {
    this.#used.add(name);
    const known = this.#known.get(name);
    if (known === undefined) {
      const all = [...this.#known].filter(([, { scope: s }]) => s !== 'flux').map(([n]) => n);
      throw expressionError(
        source,
        where,
        at,
        `«${name}» means nothing here; known are ${all.join(', ')} and what is defined before`,
      );
    }
    if (known.scope === 'flux' && scope !== 'flux')
      throw expressionError(source, where, at, `the current «${name}» may be used in states alone`);
    if (known.scope === 'dynamic' && scope === 'constant')
      throw expressionError(
        source,
        where,
        at,
        `«${name}» depends on the voltage or on time, which is not allowed here`,
      );
  }
}
