/**
 * Expressions and conditions of LEMS, in which NeuroML files define rates of their own, written in the language of models. LEMS
 * calculates in whatever coherent units; here these are mV and ms.
 */
const pattern =
  /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?<word>\.(?:gt|lt|geq|leq|eq|neq|and|or|not)\.)|(?<name>[A-Za-z_]\w*)|(?<operator>[-+*/^(),]))/y;

const functions: Record<string, string> = {
  exp: 'exp',
  ln: 'log',
  log: 'log',
  sqrt: 'sqrt',
  abs: 'abs',
  tanh: 'tanh',
  cosh: 'cosh',
};

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.trimEnd().length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw new Error(`«${text.slice(at).trim()[0]!}» has no meaning in «${text}»`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

/**
 * @param nameOf the expression that stands for a name
 * @throws Error with the reason, where something has no counterpart
 */
export function lemsExpression(text: string, nameOf: (name: string) => string): string {
  const tokens = tokensOf(text);
  return tokens
    .map((token, i) => {
      if (/^\.[a-z]+\.$/.test(token)) throw new Error(`«${token}» stands outside a condition in «${text}»`);
      if (!/^[A-Za-z_]/.test(token)) return token;
      if (tokens[i + 1] !== '(') return nameOf(token);
      const name = functions[token];
      if (name === undefined) throw new Error(`the function «${token}» has no counterpart`);
      return name;
    })
    .join(' ');
}

/** `if(condition, then, otherwise)` in the language of models; «and», «or» and «not» become nested choices. */
export function lemsChoice(
  condition: string,
  then: string,
  otherwise: string,
  nameOf: (name: string) => string,
): string {
  const tokens = tokensOf(condition);
  // A condition in brackets as a whole, and its parts by and/or outside of brackets.
  const split = (word: string): [string[], string[]] | null => {
    let depth = 0;
    for (let i = tokens.length - 1; i >= 0; i--) {
      if (tokens[i] === ')') depth++;
      if (tokens[i] === '(') depth--;
      if (depth === 0 && tokens[i] === word) return [tokens.slice(0, i), tokens.slice(i + 1)];
    }
    return null;
  };
  const choice = (part: string[], yes: string, no: string): string =>
    lemsChoice(part.join(' '), yes, no, nameOf);
  const or = split('.or.');
  if (or) return choice(or[0], then, choice(or[1], then, otherwise));
  const and = split('.and.');
  if (and) return choice(and[0], choice(and[1], then, otherwise), otherwise);
  if (tokens[0] === '.not.') return choice(tokens.slice(1), otherwise, then);
  for (const [word, operator] of Object.entries({ '.gt.': '>', '.lt.': '<', '.geq.': '>=', '.leq.': '<=' })) {
    const sides = split(word);
    if (!sides) continue;
    const [left, right] = sides.map((side) => lemsExpression(side.join(' '), nameOf));
    return `if(${left!} ${operator} ${right!}, ${then}, ${otherwise})`;
  }
  const equal = split('.eq.') ?? split('.neq.');
  if (equal) {
    const [left, right] = equal.map((side) => lemsExpression(side.join(' '), nameOf));
    const [same, other] = split('.eq.') ? [then, otherwise] : [otherwise, then];
    return `if(${left!} <= ${right!}, if(${left!} >= ${right!}, ${same}, ${other}), ${other})`;
  }
  if (tokens[0] === '(' && tokens.at(-1) === ')') return choice(tokens.slice(1, -1), then, otherwise);
  throw new Error(`«${condition}» is not a condition`);
}
