import { parseNumber } from '../../main/figures/number.ts';

/** Fields as typed, by parameter: what they say, and what is wrong with those that say nothing. An empty field is not known. */
export function readTrueValues(fields: Readonly<Record<string, string>>): {
  truth: Record<string, number>;
  problems: string[];
} {
  const truth: Record<string, number> = {};
  const problems: string[] = [];
  for (const [name, text] of Object.entries(fields)) {
    if (text.trim() === '') continue;
    const value = parseNumber(text);
    if (value === null) problems.push(`${name}: «${text}» is not a number.`);
    else truth[name] = value;
  }
  return { truth, problems };
}

/**
 * Values pasted as a table: a line of parameter names and one of numbers, separated by commas, semicolons or tabs, as PARAMS.csv
 * of the command line or a spreadsheet has them. null = it is no such table; columns of other names are left out.
 */
export function pastedTrueValues(text: string, names: readonly string[]): Record<string, string> | null {
  const [header, values] = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')));
  if (header === undefined || values === undefined) return null;
  const known = header.flatMap((name, i) => (names.includes(name) ? [[name, values[i] ?? '']] : []));
  return known.length === 0 ? null : (Object.fromEntries(known) as Record<string, string>);
}
