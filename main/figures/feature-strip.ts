import type { PredictiveView } from '../contract/posterior.ts';
import { type Colours, withAlpha } from './colours.ts';
import type { Draw } from './pen.ts';
import { quantile, violin } from './kernel-density.ts';
import { scale } from './parameter-axis.ts';
import { type Interval, padded } from './plot-window.ts';

/** Share of a violin's width below which it has no outline. */
const visible = 0.01;

export type PredictedFeature = PredictiveView['features'][number];

/** The range of a feature's strip: the middle 98 % of what the prior predicts, the posterior and the observation. */
export function stripRange(feature: PredictedFeature): Interval {
  const prior = ascending(feature.prior);
  const posterior = ascending(feature.posterior);
  const ends = [
    quantile(prior, 0.01),
    quantile(prior, 0.99),
    quantile(posterior, 0),
    quantile(posterior, 1),
    feature.observed ?? NaN,
  ].filter(Number.isFinite);
  if (ends.length === 0) return [0, 1];
  return padded([Math.min(...ends), Math.max(...ends)]);
}

/** How many of the simulations at posterior draws have no value of this feature. */
export function missingCount(feature: PredictedFeature): number {
  return feature.posterior.reduce((n, value) => n + (Number.isFinite(value) ? 0 : 1), 0);
}

/** Prior-predictive range (5–95 %) grey, posterior-predictive violin blue, the observed value a tick in full ink. */
export function featureStrip(feature: PredictedFeature, colours: Colours): Draw {
  return (context, width, height) => {
    const range = stripRange(feature);
    const x = scale(range, 4, width - 4);
    const middle = height / 2;
    const prior = ascending(feature.prior);
    if (prior.length > 0) {
      const from = x(quantile(prior, 0.05));
      context.fillStyle = withAlpha(colours.prior, 0.35);
      context.fillRect(from, middle - 3, Math.max(1, x(quantile(prior, 0.95)) - from), 6);
    }
    const density = violin(feature.posterior, range[0], range[1], Math.max(16, Math.round(width / 2)));
    const half = middle - 3;
    const at = (i: number) => 4 + ((width - 8) * i) / (density.length - 1);
    const first = density.findIndex((value) => value > visible);
    const last = density.findLastIndex((value) => value > visible);
    context.beginPath();
    for (let i = first; i >= 0 && i <= last; i++) context.lineTo(at(i), middle - density[i]! * half);
    for (let i = last; i >= first && i >= 0; i--) context.lineTo(at(i), middle + density[i]! * half);
    context.closePath();
    context.fillStyle = withAlpha(colours.model, 0.45);
    context.fill();
    context.strokeStyle = colours.model;
    context.lineWidth = 1;
    context.stroke();
    if (feature.observed !== null) {
      context.fillStyle = colours.data;
      context.fillRect(Math.round(x(feature.observed)) - 1, 2, 2, height - 4);
    }
  };
}

function ascending(values: Float64Array): Float64Array {
  return Float64Array.from(values.filter(Number.isFinite)).sort();
}
