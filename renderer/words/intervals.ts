import type { PosteriorView } from '../../main/contract/posterior.ts';
import { symbolText } from './symbol.ts';

/** The table of credible intervals for the clipboard: tabs between columns, plain numbers that a spreadsheet reads. */
export function intervalText(view: PosteriorView, symbols: { symbol: string; unit: string }[]): string {
  const lines = view.marginals.map((marginal, i) =>
    [
      symbolText(symbols[i]?.symbol ?? marginal.name),
      symbols[i]?.unit ?? '',
      ...[marginal.median, marginal.q05, marginal.q95, marginal.map].map((v) =>
        String(Number(v.toPrecision(6))),
      ),
    ].join('\t'),
  );
  const last = view.hallOfFame === null ? 'MAP' : 'best';
  return [`parameter\tunit\tmedian\tq05\tq95\t${last}`, ...lines].join('\n');
}
