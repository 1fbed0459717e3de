import type { Calibration } from '../contract/calibration.ts';
import type { LossPoint } from './loss-range.ts';
import { csv } from './csv.ts';
import type { LossWords } from './loss-words.ts';
import { observed, quantity } from './number.ts';
import { drawAxes, plotBox, polyline } from './axes.ts';
import { coverageCanvas, rankCanvas } from './calibration-canvas.ts';
import { type Figure, place } from './figure.ts';
import { featureStrip, type PredictedFeature } from './feature-strip.ts';
import { lossRange } from './loss-range.ts';
import { smallFont } from './pen.ts';
import { drawSymbol } from './symbol-text.ts';

/** What was measured over what the prior and the posterior predict. */
export function featuresFigure(features: readonly PredictedFeature[], round: number): Figure {
  const [row, names, values, width] = [28, 136, 104, 560];
  return {
    name: `predicted-features-round-${round}`,
    title: 'Predicted features',
    ...{ width, height: features.length * row },
    draw: (colours) => (pen) => {
      features.forEach((feature, i) => {
        const middle = (i + 0.5) * row;
        pen.font = smallFont;
        pen.textBaseline = 'middle';
        pen.fillStyle = colours.ink;
        pen.textAlign = 'left';
        pen.fillText(feature.name, 4, middle);
        pen.textAlign = 'right';
        const said =
          feature.observed === null ? 'missing' : quantity(observed(feature.observed), feature.unit);
        pen.fillText(said, names + values, middle);
        place(
          pen,
          featureStrip(feature, colours),
          names + values + 12,
          i * row,
          width - names - values - 16,
          row,
        );
      });
    },
    csv: () =>
      csv(
        ['feature', 'unit', 'kind', 'value'],
        features.flatMap(({ name, unit, observed: value, prior, posterior }) => [
          [name, unit, 'observed', value],
          ...Array.from(prior, (x) => [name, unit, 'prior', x]),
          ...Array.from(posterior, (x) => [name, unit, 'posterior', x]),
        ]),
      ),
  };
}

/** The losses of training, or the objectives of a search. */
export function lossFigure(
  points: readonly LossPoint[],
  positions: readonly number[],
  step: 'epoch' | 'round',
  words: LossWords,
): Figure {
  return {
    ...{ name: 'training', title: words.title, width: 640, height: 280 },
    draw: (colours) => (pen, width, height) => {
      const [low, high] = lossRange(points);
      const { x, y } = drawAxes(
        pen,
        plotBox(width, height),
        {
          title: step === 'round' ? 'Round' : words.step,
          ...{ low: 1, high: Math.max(2, positions.at(-1) ?? 2) },
          most: step === 'round' ? Math.min(points.length, 10) : 8,
        },
        { title: words.title, low, high },
        colours,
      );
      const lines = [
        { ...words.dashed, colour: colours.prior, dash: [4, 3] },
        { ...words.full, colour: colours.model, dash: [] },
      ];
      lines.forEach(({ label, value, colour, dash }, row) => {
        pen.textAlign = 'right';
        pen.fillStyle = colour;
        pen.fillText(label, width - 20, 18 + 16 * row);
        // A line breaks where a round begins: its loss is measured on other simulations.
        const line = points.flatMap((point, i) => {
          const at = [x(positions[i]!), y(point[value] ?? NaN)] as const;
          const breaks = step === 'epoch' && i > 0 && points[i - 1]!.round !== point.round;
          return breaks ? [[at[0], NaN] as const, at] : [at];
        });
        polyline(pen, line);
        pen.strokeStyle = colour;
        pen.lineWidth = 1.5;
        pen.setLineDash(dash);
        pen.stroke();
        pen.setLineDash([]);
      });
    },
    csv: () =>
      csv(
        ['round', 'epoch', words.dashed.label, words.full.label],
        points.map((point) => [point.round, point.epoch, point[words.dashed.value], point[words.full.value]]),
      ),
  };
}

export function coverageFigure(result: Calibration): Figure {
  const { levels, bands, coverage, reference } = result;
  return {
    ...{ name: 'calibration-coverage', title: 'Expected coverage', width: 360, height: 320 },
    draw: (colours) => coverageCanvas(result, colours),
    csv: () =>
      csv(
        ['credibility', 'coverage', 'tarp', 'bandLow', 'bandHigh'],
        levels.map((level, i) => [
          ...[level, coverage.curve[i]!, reference.curve[i]!, bands.curve.low[i]!, bands.curve.high[i]!],
        ]),
      ),
  };
}

export function ranksFigure(
  { parameters, histogramBand }: Calibration,
  symbols: readonly { symbol: string; unit: string }[],
): Figure {
  const [columns, width, height] = [4, 160, 112];
  return {
    ...{ name: 'calibration-ranks', title: 'Ranks of the truth among posterior draws' },
    width: columns * width,
    height: Math.ceil(parameters.length / columns) * height,
    draw: (colours) => (pen) => {
      parameters.forEach(({ name, histogram }, i) => {
        const [left, top] = [(i % columns) * width + 8, Math.floor(i / columns) * height + 4];
        place(pen, rankCanvas(histogram, histogramBand, colours), left, top, width - 16, height - 32);
        const label = { x: left, y: top + height - 14, align: 'left' } as const;
        const inks = { symbol: colours.ink, unit: colours.secondary };
        drawSymbol(pen, symbols[i]?.symbol ?? name, '', label, inks);
      });
    },
    csv: () =>
      csv(
        ['parameter', 'bin', 'count'],
        parameters.flatMap(({ name, histogram }) => histogram.map((n, bin) => [name, bin + 1, n])),
      ),
  };
}
