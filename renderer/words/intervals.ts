import type { ConditionalView, PosteriorView } from '../../main/contract/posterior.ts';
import { symbolText } from '../../main/figures/symbol.ts';

/** A line of the table of credible intervals. */
export interface IntervalLine {
  name: string;
  median: number;
  q05: number;
  q95: number;
  /** null where other parameters are held: the MAP is that of all together. */
  map: number | null;
  /** The value at which the parameter is held; null = it is free. */
  held: number | null;
  /** Where it is known: of data that were simulated. */
  truth: number | null;
}

/** The posterior's intervals; where parameters are held, those of the rest. */
export function intervalLines(
  view: PosteriorView,
  conditional: ConditionalView | null,
  known: Readonly<Record<string, number>> = {},
): IntervalLine[] {
  return view.marginals.map(({ name, median, q05, q95, map }, i) => {
    const held = conditional?.fixed.find(({ parameter }) => parameter === i)?.value ?? null;
    const truth = known[name] ?? null;
    const given = conditional?.marginals.find(({ parameter }) => parameter === i);
    if (given !== undefined) {
      return { name, median: given.median, q05: given.q05, q95: given.q95, map: null, held, truth };
    }
    return { name, median, q05, q95, map: held === null ? map : null, held, truth };
  });
}

/** The table for the clipboard: tabs between columns, plain numbers that a spreadsheet reads. */
export function intervalText(
  lines: readonly IntervalLine[],
  symbols: { symbol: string; unit: string }[],
  isSearch: boolean,
): string {
  const isHeld = lines.some(({ held }) => held !== null);
  const isKnown = lines.some(({ truth }) => truth !== null);
  const rows = lines.map(({ name, median, q05, q95, map, held, truth }, i) => {
    const values = held === null ? [median, q05, q95, ...(isHeld ? [] : [map])] : [held, null, null];
    return [
      symbolText(symbols[i]?.symbol ?? name),
      symbols[i]?.unit ?? '',
      ...values.map(numberText),
      ...(isHeld ? [held === null ? '' : 'held'] : []),
      ...(isKnown ? [numberText(truth)] : []),
    ].join('\t');
  });
  const last = isHeld ? 'held' : isSearch ? 'best' : 'MAP';
  return [`parameter\tunit\tmedian\tq05\tq95\t${last}${isKnown ? '\ttrue' : ''}`, ...rows].join('\n');
}

const numberText = (value: number | null) => (value === null ? '' : String(Number(value.toPrecision(6))));
