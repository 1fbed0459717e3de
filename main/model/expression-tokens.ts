import { AppError } from '../contract/errors.ts';

export interface Token {
  kind: 'number' | 'name' | 'operator' | 'end';
  text: string;
  /** Offset in the source, from 0. */
  at: number;
}

const pattern =
  /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<operator><=|>=|[-+*/^(),<>]))/y;

/**
 * @returns the tokens, the last of kind 'end'
 * @throws AppError model-invalid at the first character that starts no token
 */
export function tokenize(source: string, where: string): Token[] {
  const tokens: Token[] = [];
  const end = source.trimEnd().length;
  pattern.lastIndex = 0;
  while (pattern.lastIndex < end) {
    const before = pattern.lastIndex;
    const match = pattern.exec(source);
    if (!match) {
      const at = before + (source.slice(before).length - source.slice(before).trimStart().length);
      throw new AppError(
        'model-invalid',
        `In ${where}, at character ${at + 1} of «${source}»: «${source[at]!}» has no meaning in an expression.`,
        {
          remedy:
            'An expression has numbers, names, + - * / ^, parentheses, functions and if(a < b, then, otherwise); write 0.5 with a point.',
          details: { expression: source, position: at + 1 },
        },
      );
    }
    const groups = match.groups ?? {};
    const kind =
      groups['number'] !== undefined ? 'number' : groups['name'] !== undefined ? 'name' : 'operator';
    const text = groups[kind]!;
    tokens.push({ kind, text, at: pattern.lastIndex - text.length });
  }
  tokens.push({ kind: 'end', text: '', at: end });
  return tokens;
}
