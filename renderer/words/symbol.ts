/** A symbol as papers set it: what stands before the first «_» is the base (italic), the rest the subscript (upright). */
export interface SymbolParts {
  sign: string;
  base: string;
  subscript: string;
}

export function symbolParts(symbol: string): SymbolParts {
  const match = /^([-−]?)([^_]*)_?\{?([^}]*)\}?$/.exec(symbol);
  if (match === null) return { sign: '', base: symbol, subscript: '' };
  return { sign: match[1] === '' ? '' : '−', base: match[2] ?? '', subscript: match[3] ?? '' };
}

/** The same in one line of plain text, for labels that screen readers and clipboards get. */
export function symbolText(symbol: string): string {
  const { sign, base, subscript } = symbolParts(symbol);
  return subscript === '' ? sign + base : `${sign}${base}_${subscript}`;
}
