import type { PosteriorView } from '../../main/contract/posterior.ts';
import type { RunDetail } from '../../main/contract/run.ts';

/** How the parameters of a view are written: symbol and unit of each. */
export function parameterSymbols(
  view: PosteriorView | null,
  detail: Pick<RunDetail, 'parameters'> | null,
): { symbol: string; unit: string }[] {
  return (view?.marginals ?? []).map((marginal) => {
    const spec = detail?.parameters.find((parameter) => parameter.name === marginal.name);
    return { symbol: spec?.symbol ?? marginal.name, unit: spec?.unit ?? '' };
  });
}
