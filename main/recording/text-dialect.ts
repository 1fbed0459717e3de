import { open } from 'node:fs/promises';

/** How a text file separates and writes its numbers, and where they begin. */
export interface TextDialect {
  delimiter: '\t' | ';' | ',' | ' ';
  decimalComma: boolean;
  /** Lines before the first line of numbers. */
  headerLines: number;
  /** Names over the columns, as they stand there; null where the file has none. */
  header: string[] | null;
  columns: number;
  /** The numbers of the first lines, for an example to be shown. */
  firstRows: number[][];
}

/** So much of a file's beginning tells its form. */
const HEAD_BYTES = 65_536;
const FIRST_ROWS = 50;

const forms: readonly Pick<TextDialect, 'delimiter' | 'decimalComma'>[] = [
  { delimiter: '\t', decimalComma: false },
  { delimiter: '\t', decimalComma: true },
  { delimiter: ';', decimalComma: false },
  { delimiter: ';', decimalComma: true },
  { delimiter: ',', decimalComma: false },
  { delimiter: ' ', decimalComma: false },
  { delimiter: ' ', decimalComma: true },
];

/** Is this text, by its first bytes? Only text has no zero bytes, and it is valid UTF-8 or Latin-1 without control characters. */
export async function isText(path: string): Promise<boolean> {
  const head = (await readHead(path)).subarray(0, 4096);
  return head.length > 0 && head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));
}

/** The beginning of a text file, whole lines only. */
export async function readLines(path: string): Promise<string[]> {
  const head = await readHead(path);
  const lines = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/);
  if (head.length === HEAD_BYTES) lines.pop();
  return lines;
}

/** The form in which most of the first lines are numbers throughout; null where there is none. */
export function tellDialect(lines: readonly string[]): TextDialect | null {
  let best: TextDialect | null = null;
  for (const form of forms) {
    const rows = lines.map((line) => numbersOf(line, form));
    const first = rows.findIndex(
      (row, i) => row !== null && (rows[i + 1]?.length === row.length || lines.length - i <= 2),
    );
    const firstRow = rows[first];
    if (!firstRow) continue;
    const columns = firstRow.length;
    const above = cellsOf(lines[first - 1] ?? '', form.delimiter);
    // ten columns may be named by words with spaces in them: only a line of as many cells is a header
    const header = above.length === columns && above.some((cell) => cell !== '') ? above : null;
    const firstRows = rows
      .slice(first, first + FIRST_ROWS)
      .filter((row) => row?.length === columns) as number[][];
    const found = { ...form, headerLines: first, header, columns, firstRows };
    if (best === null || found.firstRows.length * columns > best.firstRows.length * best.columns)
      best = found;
  }
  return best;
}

/** Cells of a line without quotes around them; an empty one at the end is left out, spaces separate however many they are. */
export function cellsOf(line: string, delimiter: TextDialect['delimiter']): string[] {
  const text = delimiter === ' ' ? line.trim() : line;
  const cells = text.split(delimiter === ' ' ? / +/ : delimiter).map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim(),
  );
  while (cells.length > 1 && cells.at(-1) === '') cells.pop();
  return cells;
}

/** A number as text states it; NaN for anything that is none. */
export function numberIn(cell: string, decimalComma: boolean): number {
  const text = decimalComma ? cell.replace(',', '.') : cell;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

function numbersOf(line: string, { delimiter, decimalComma }: (typeof forms)[number]): number[] | null {
  if (line.trim() === '') return null;
  const numbers = cellsOf(line, delimiter).map((cell) => numberIn(cell, decimalComma));
  return numbers.every((value) => !Number.isNaN(value)) ? numbers : null;
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
