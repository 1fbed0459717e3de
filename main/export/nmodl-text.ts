const plain: Record<string, string> = {
  '–': '-', '—': '-', '−': '-', '‑': '-', '’': "'", '‘': "'", '“': '"', '”': '"', '…': '...', '·': '*', '×': 'x',
  'µ': 'u', 'μ': 'u', '²': '2', '³': '3', '⁺': '+', '⁻': '-', '√': 'sqrt ', '°': ' deg ', 'Δ': 'Delta', 'τ': 'tau', 'σ': 'sigma', 'φ': 'phi',
  '≤': '<=', '≥': '>=', '∞': 'inf', 'ß': 'ss', 'ø': 'o', 'Ø': 'O', 'æ': 'ae', 'å': 'a', 'ł': 'l',
}; // prettier-ignore

/** Text for a MOD file, which older versions of NEURON read as ASCII: accents are dropped, other signs written out. */
export function asciiText(text: string): string {
  const spelled = Array.from(text, (sign) => plain[sign] ?? sign).join('');
  return spelled
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\n\x20-\x7e]/g, '?')
    .replace(/ENDCOMMENT/g, 'End of comment');
}

/** A unit behind a value, as a comment: models have units that NMODL cannot write, such as square roots. */
export function unitComment(unit: string): string {
  return unit === '' || unit === '1' ? '' : `  : ${asciiText(unit).replace(/\n/g, ' ')}`;
}

/** Columns; NEURON's translator reads lines of at most 511. */
const longestLine = 120;

/** Lines of a block, long ones broken at spaces. */
export function indented(lines: readonly string[]): string {
  return lines
    .flatMap(wrapped)
    .map((line) => `  ${line}`)
    .join('\n');
}

function wrapped(line: string): string[] {
  if (line.includes(':')) return [line];
  const parts: string[] = [];
  for (const word of line.split(/(?<=\S) /)) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + word.length < longestLine)
      parts[parts.length - 1] = `${last} ${word}`;
    else parts.push(last === undefined ? word : `    ${word}`);
  }
  return parts;
}
