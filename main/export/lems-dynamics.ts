import type { Expression } from '../model/expression.ts';

/** Words that mean something in LEMS or in the base types that components of a cell extend. */
const reserved = new Set(
  'v t r x i q V MV MS NF alpha beta tau inf id type C iSyn iMemb spike spiking temperature caConc rateScale vShift exp ln log log10 sqrt sin cos tan sinh cosh tanh abs ceil random H'.split(' '),
); // prettier-ignore

/** What a name stands for: another expression, or a number; undefined for quantities of their own. */
export type Meaning = (name: string) => Expression | undefined;

/**
 * Expressions as the dynamics of a LEMS ComponentType, dimensionless: mV, ms, µA/cm² … are divided out where a quantity comes in. A
 * choice becomes a ConditionalDerivedVariable of its own, a removable singularity likewise, and definitions become DerivedVariables.
 */
export class LemsDynamics {
  /** Constant elements: values of parameters. */
  readonly constants: string[] = [];
  /** DerivedVariable elements in the order in which they need each other. */
  readonly derived: string[] = [];
  readonly #meaning: Meaning;
  readonly #known: Map<string, string>;
  readonly #shared = new Map<string, string>();
  readonly #taken: Set<string>;
  readonly #conditional = new Set<string>();

  /** @param own identifiers of quantities that the component has itself, by the names that expressions use */
  constructor(meaning: Meaning, own: Readonly<Record<string, string>>) {
    this.#meaning = meaning;
    this.#known = new Map(Object.entries(own));
    this.#taken = new Set(Object.values(own));
  }

  /** An identifier that nothing else of the component has. */
  fresh(text: string): string {
    const plain = text.replace(/\W/g, '_').replace(/^_+/, 'x');
    let identifier = plain;
    for (let n = 2; this.#taken.has(identifier) || reserved.has(identifier); n++)
      identifier = `${plain}_${n}`;
    this.#taken.add(identifier);
    return identifier;
  }

  /** The text of a value; what it needs is added before it. */
  text(expression: Expression): string {
    switch (expression.kind) {
      case 'number':
        return number(expression.value);
      case 'name':
        return this.#name(expression.name);
      case 'negate':
        return `(0 - ${this.text(expression.argument)})`;
      case 'binary':
        return `(${this.text(expression.left)} ${expression.operator} ${this.text(expression.right)})`;
      case 'call': {
        const argument = this.text(expression.argument);
        if (expression.function === 'exprelr') return this.#linoid(argument);
        if (expression.function === 'abs')
          return this.#choice(`${argument} .lt. 0`, `0 - ${argument}`, argument);
        const name = expression.function === 'log' ? 'ln' : expression.function;
        return `${name}(${argument})`;
      }
      case 'if': {
        const operator = expression.operator === '<' ? '.lt.' : '.leq.';
        const condition = `${this.text(expression.left)} ${operator} ${this.text(expression.right)}`;
        return this.#choice(condition, this.text(expression.then), this.text(expression.otherwise));
      }
    }
  }

  /** A named value. jLEMS settles DerivedVariables before the conditional ones: what needs one of these becomes one, without a condition. */
  set(name: string, value: string, exposure = '', dimension = 'none'): void {
    const isConditional = value.split(/\W+/).some((word) => this.#conditional.has(word));
    if (isConditional) this.#conditional.add(name);
    this.derived.push(
      isConditional
        ? `<ConditionalDerivedVariable name="${name}"${exposure} dimension="${dimension}"><Case value="${value}"/></ConditionalDerivedVariable>`
        : `<DerivedVariable name="${name}"${exposure} dimension="${dimension}" value="${value}"/>`,
    );
  }

  #name(name: string): string {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const inner = this.#meaning(name);
    if (inner === undefined) throw new Error(`«${name}» has no value here.`);
    const identifier = this.fresh(name);
    this.#known.set(name, identifier);
    if (inner.kind === 'number')
      this.constants.push(`<Constant name="${identifier}" dimension="none" value="${String(inner.value)}"/>`);
    else this.set(identifier, this.text(inner));
    return identifier;
  }

  #choice(condition: string, then: string, otherwise: string): string {
    return this.#once(`${condition}|${then}|${otherwise}`, 'choice', (name) => {
      this.#conditional.add(name);
      this.derived.push(
        `<ConditionalDerivedVariable name="${name}" dimension="none"><Case condition="${condition}" value="${then}"/><Case value="${otherwise}"/></ConditionalDerivedVariable>`,
      );
    });
  }

  /**
   * z/(e^z − 1), without a choice: jNeuroML's translation to NEURON loses one inside a rate. 1e-9 beside z, the relative error is below
   * 1e-9, and no voltage that a step comes to is the singular one.
   */
  #linoid(z: string): string {
    const value = this.#once(z, 'u', (name) => this.set(name, `${z} + 1e-9`));
    return `(${value} / (exp(${value}) - 1))`;
  }

  #once(key: string, prefix: string, add: (name: string) => void): string {
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const name = this.fresh(`${prefix}_${this.#shared.size + 1}`);
    this.#shared.set(key, name);
    add(name);
    return name;
  }
}

const number = (value: number): string => (value < 0 ? `(0 - ${String(-value)})` : String(value));
