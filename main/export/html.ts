import { escaped } from '../figures/figure-svg.ts';
import { symbolParts } from '../figures/symbol.ts';

export interface Column<T> {
  title: string;
  /** Numbers stand at the right, under each other. */
  numeric?: boolean;
  /** A number is written as `shown` says and kept whole in the page: `<data value="…">`. */
  cell: (row: T) => string | { value: number | null; shown: string } | { symbol: string };
}

/** One row a record. */
export function table<T>(caption: string, columns: readonly Column<T>[], rows: readonly T[]): string {
  const kind = ({ numeric }: Column<T>) => (numeric ? ' class="number"' : '');
  const head = columns.map((column) => `<th scope="col"${kind(column)}>${escaped(column.title)}</th>`);
  const body = rows.map(
    (row) =>
      `<tr>${columns.map((column) => `<td${kind(column)}>${content(column.cell(row))}</td>`).join('')}</tr>`,
  );
  return `<table><caption>${escaped(caption)}</caption><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
}

function content(cell: ReturnType<Column<unknown>['cell']>): string {
  if (typeof cell === 'string') return escaped(cell);
  if ('symbol' in cell) return symbolHtml(cell.symbol);
  if (cell.value === null) return '<span class="quiet">missing</span>';
  return `<data value="${cell.value}">${escaped(cell.shown)}</data>`;
}

/** As papers set it: the base italic, the subscript upright and lower. */
function symbolHtml(symbol: string): string {
  const { sign, base, subscript } = symbolParts(symbol);
  const low = subscript === '' ? '' : `<sub>${escaped(subscript)}</sub>`;
  return `${sign}<i>${escaped(base)}</i>${low}`;
}

/** Names and what they are. */
export const facts = (pairs: readonly (readonly [string, string])[]) =>
  `<dl>${pairs.map(([name, text]) => `<dt>${escaped(name)}</dt><dd>${escaped(text)}</dd>`).join('')}</dl>`;

export const paragraph = (text: string, kind = '') =>
  `<p${kind === '' ? '' : ` class="${kind}"`}>${escaped(text)}</p>`;

export const list = (items: readonly string[], kind: 'ul' | 'ol' = 'ul') =>
  items.length === 0 ? '' : `<${kind}>${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</${kind}>`;
