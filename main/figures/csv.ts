/** A table as CSV (RFC 4180): numbers as they read back, an empty cell where there is none. */
export function csv(header: readonly string[], rows: Iterable<readonly (string | number | null)[]>): string {
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function cell(value: string | number | null): string {
  if (value === null || Number.isNaN(value)) return '';
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
