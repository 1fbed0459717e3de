import { priorSchema, type ParameterSpec, type PriorSpec } from '../../main/contract/prior.ts';
import { parseNumber, plain } from '../../main/figures/number.ts';

/** A parameter as it is edited: what was typed stays as typed, also while it is not yet a number. */
export interface ParameterRow {
  spec: ParameterSpec;
  kind: PriorKind;
  first: string;
  second: string;
  fixed: boolean;
  value: string;
}

export const priorKinds = ['uniform', 'logUniform', 'normal', 'logNormal'] as const;
export type PriorKind = (typeof priorKinds)[number];

/** What the two numbers of a prior mean. */
export const priorWords: Record<PriorKind, { name: string; first: string; second: string }> = {
  uniform: { name: 'uniform', first: 'lowest', second: 'highest' },
  logUniform: { name: 'log-uniform', first: 'lowest', second: 'highest' },
  normal: { name: 'normal', first: 'mean', second: 'standard deviation' },
  logNormal: { name: 'log-normal', first: 'median', second: 'sd of the logarithm' },
};

export function priorParts(prior: PriorSpec): { kind: PriorKind; numbers: readonly [number, number] } {
  if ('uniform' in prior) return { kind: 'uniform', numbers: prior.uniform };
  if ('logUniform' in prior) return { kind: 'logUniform', numbers: prior.logUniform };
  if ('normal' in prior) return { kind: 'normal', numbers: prior.normal };
  return { kind: 'logNormal', numbers: prior.logNormal };
}

export function rowOf(
  spec: ParameterSpec,
  override?: { prior: PriorSpec } | { fixed: number },
): ParameterRow {
  const prior = override !== undefined && 'prior' in override ? override.prior : spec.prior;
  const { kind, numbers } = priorParts(prior);
  const fixed = override !== undefined && 'fixed' in override;
  const value = fixed ? override.fixed : (spec.reference ?? middle(spec.prior));
  return { spec, kind, first: typed(numbers[0]), second: typed(numbers[1]), fixed, value: typed(value) };
}

/** The row as the configuration says it; null = as the model has it; a string = what is wrong with it. */
export function overrideOf(row: ParameterRow): { prior: PriorSpec } | { fixed: number } | null | string {
  if (row.fixed) {
    const fixed = parseNumber(row.value);
    return fixed === null ? `«${row.value}» is not a number.` : { fixed };
  }
  const first = parseNumber(row.first);
  const second = parseNumber(row.second);
  if (first === null) return `«${row.first}» is not a number.`;
  if (second === null) return `«${row.second}» is not a number.`;
  const parsed = priorSchema.safeParse({ [row.kind]: [first, second] });
  if (!parsed.success) return problem(row.kind);
  const own = priorParts(row.spec.prior);
  const unchanged = own.kind === row.kind && own.numbers[0] === first && own.numbers[1] === second;
  return unchanged ? null : { prior: parsed.data };
}

/** The prior of a free parameter as it is typed; null while it is none. */
export function priorOf(row: ParameterRow): PriorSpec | null {
  const override = overrideOf(row);
  if (override === null) return row.spec.prior;
  return typeof override !== 'string' && 'prior' in override ? override.prior : null;
}

function problem(kind: PriorKind): string {
  if (kind === 'uniform') return 'The lowest value must be below the highest.';
  if (kind === 'logUniform') return 'A log-uniform prior needs 0 < lowest < highest.';
  if (kind === 'normal') return 'The standard deviation must be above zero.';
  return 'The standard deviation of the logarithm must be above zero.';
}

function middle(prior: PriorSpec): number {
  const { kind, numbers } = priorParts(prior);
  if (kind === 'uniform') return (numbers[0] + numbers[1]) / 2;
  return kind === 'logUniform' ? Math.sqrt(numbers[0] * numbers[1]) : numbers[0];
}

/** A number as an input shows it: plain digits, or 1e-5 for the very small, so that it can be typed over. */
function typed(value: number): string {
  const size = Math.abs(value);
  return value !== 0 && (size < 1e-4 || size >= 1e6)
    ? value.toExponential()
    : plain(value).replaceAll(',', '');
}
