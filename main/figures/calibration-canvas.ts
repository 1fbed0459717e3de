import type { Calibration } from '../contract/calibration.ts';
import { drawAxes, plotBox, polyline } from './axes.ts';
import { type Colours, withAlpha } from './colours.ts';
import type { Draw, Pen } from './pen.ts';

type Curves = Pick<Calibration, 'levels' | 'bands' | 'coverage' | 'reference'>;

const percent = (share: number) => 100 * share;

/**
 * What the posterior claims against what it holds: the share of truths inside the highest-density region of every credibility (line),
 * and inside regions around a reference point (TARP, dashed), with the band that 95 % of the curves of right posteriors keep.
 */
export function coverageCanvas({ levels, bands, coverage, reference }: Curves, colours: Colours): Draw {
  return (pen, width, height) => {
    const { x, y } = drawAxes(
      pen,
      plotBox(width, height),
      { title: 'Credibility of the region (%)', low: 0, high: 100 },
      { title: 'Truths inside (%)', low: 0, high: 100 },
      colours,
    );
    const points = (shares: readonly number[]) =>
      levels.map((level, i) => [x(percent(level)), y(percent(shares[i]!))] as const);
    const ends = (shares: readonly number[]) => [[x(0), y(0)] as const, ...points(shares), [x(100), y(100)] as const]; // prettier-ignore
    polyline(pen, [...ends(bands.curve.low), ...ends(bands.curve.high).toReversed()]);
    pen.closePath();
    pen.fillStyle = withAlpha(colours.prior, 0.22);
    pen.fill();
    stroke(pen, [[x(0), y(0)], [x(100), y(100)]], colours.prior, 1); // prettier-ignore
    stroke(pen, ends(reference.curve), colours.model, 1.25, [5, 3]);
    stroke(pen, ends(coverage.curve), colours.model, 2);
  };
}

/** Where the truths lie among the draws of their posteriors: even, within the grey band, where the posteriors are right. */
export function rankCanvas(
  histogram: readonly number[],
  band: { low: number; high: number },
  colours: Colours,
): Draw {
  return (pen, width, height) => {
    const bottom = height - 1;
    const most = 1.08 * Math.max(band.high, ...histogram);
    const up = (value: number) => bottom - (value / most) * (bottom - 2);
    const bar = width / histogram.length;
    pen.fillStyle = withAlpha(colours.model, 0.45);
    histogram.forEach((n, i) => pen.fillRect(i * bar + 0.5, up(n), bar - 1, bottom - up(n)));
    pen.fillStyle = withAlpha(colours.prior, 0.25);
    pen.fillRect(0, up(band.high), width, up(band.low) - up(band.high));
    pen.fillStyle = colours.line;
    pen.fillRect(0, bottom, width, 1);
    const even = histogram.reduce((sum, n) => sum + n, 0) / histogram.length;
    pen.fillStyle = colours.prior;
    pen.fillRect(0, up(even) - 0.5, width, 1);
  };
}

function stroke(
  pen: Pen,
  points: Iterable<readonly [number, number]>,
  colour: string,
  lineWidth: number,
  dash: number[] = [],
): void {
  polyline(pen, points);
  pen.strokeStyle = colour;
  pen.lineWidth = lineWidth;
  pen.setLineDash(dash);
  pen.stroke();
  pen.setLineDash([]);
}
