import type { ConditionalView, MarginalView, PairView, PosteriorView } from '../contract/posterior.ts';
import type { PointSet } from './point-marks.ts';

/** What the panels of a posterior show besides the round that is chosen. */
export interface Layers {
  /** Points over the densities. */
  sets: readonly PointSet[];
  /** The round before, drawn as an outline; null = not wanted. */
  previous: PosteriorView | null;
  /** While the chosen round comes in: where it comes from, and how far it is, 0 … 1. */
  from: PosteriorView | null;
  share: number;
  /** The posterior where some parameters are held, and at which values. */
  conditional: ConditionalView | null;
  held: ReadonlyMap<number, number>;
  /** [D] true values; null = not known. */
  truth: readonly (number | null)[];
}

export const noLayers: Layers = {
  ...{ sets: [], previous: null, from: null, share: 1 },
  ...{ conditional: null, held: new Map(), truth: [] },
};

/** A marginal on its way from one round to the next: linear in the density and in its marks. */
export function between(from: MarginalView | undefined, to: MarginalView, share: number): MarginalView {
  if (from === undefined || share >= 1 || from.density.length !== to.density.length) return to;
  const mix = (a: number, b: number) => a + share * (b - a);
  return {
    ...to,
    density: to.density.map((value, g) => mix(from.density[g]!, value)),
    q05: mix(from.q05, to.q05),
    q95: mix(from.q95, to.q95),
    map: mix(from.map, to.map),
  };
}

export function pairOf(view: { pairs: readonly PairView[] } | null, x: number, y: number): PairView | null {
  return view?.pairs.find((pair) => pair.x === x && pair.y === y) ?? null;
}
