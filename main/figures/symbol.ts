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

/** A sentence cut where it names a symbol with a subscript («E_Na», «τ_m»). */
export function proseParts(text: string): { text: string; symbol: boolean }[] {
  return text
    .split(/(?<![\p{L}\d])(\p{L}{1,2}_\p{L}{1,4})(?![\p{L}\d_])/u)
    .map((part, i) => ({ text: part, symbol: i % 2 === 1 }))
    .filter((part) => part.text !== '');
}
