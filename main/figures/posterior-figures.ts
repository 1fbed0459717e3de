import type { PosteriorView } from '../contract/posterior.ts';
import { csv } from './csv.ts';
import { fixed } from './number.ts';
import { symbolText } from './symbol.ts';
import { type Figure, place } from './figure.ts';
import { marginalCanvas, rowTicks, tickSpace } from './marginal-canvas.ts';
import { pairCanvas } from './pair-canvas.ts';
import { axisScale, labelledTicks, parameterAxis, valueAlong, wholeAxis } from './parameter-axis.ts';
import { smallFont } from './pen.ts';
import { type Layers, pairOf } from './posterior-layers.ts';
import { drawSymbol } from './symbol-text.ts';

export interface PosteriorPicture {
  view: PosteriorView;
  symbols: readonly { symbol: string; unit: string }[];
  zoom: boolean;
  layers: Layers;
}

const gap = 4;
/** Room left of the panels, right of them for the rows' axes, and below the last one for its name. */
const margin = { left: 28, right: 52, bottom: 44 } as const;
const panel = 76;

/** All panels as they stand on the screen. */
export function matrixFigure(picture: PosteriorPicture): Figure {
  const { view, symbols, zoom, layers } = picture;
  const n = view.marginals.length;
  const step = panel + gap;
  const at = (i: number) => i * step;
  const axes = view.marginals.map((marginal, i) =>
    parameterAxis(marginal, zoom, layers.sets, i, layers.truth[i] ?? null),
  );
  return {
    name: `posterior-round-${view.round}`,
    title: view.hallOfFame === null ? `Posterior after round ${view.round}` : 'Hall of fame',
    width: margin.left + n * step + margin.right,
    height: n * step + margin.bottom,
    draw: (colours) => (pen) => {
      pen.translate(margin.left, 0);
      for (let row = 0; row < n; row++) {
        const marginal = marginalCanvas(view, row, axes[row]!, 3, colours, layers);
        for (let column = row + 1; column < n; column++) {
          const pair = pairCanvas(
            view,
            { x: column, y: row, axisX: axes[column]!, axisY: axes[row]! },
            colours,
            layers,
          );
          place(pen, pair, at(column), at(row), panel, panel);
          const number = pairOf(layers.conditional, column, row) ?? pairOf(view, column, row);
          if (number === null || (n > 9 && column === row + 1)) continue;
          pen.font = smallFont;
          pen.fillStyle = colours.secondary;
          pen.textAlign = 'center';
          pen.textBaseline = 'middle';
          pen.fillText(fixed(number.correlation, 2), at(row) + panel / 2, at(column) + panel * 0.75);
        }
        place(pen, marginal, at(row), at(row), panel, panel + tickSpace);
        const { symbol = '', unit = '' } = symbols[row] ?? {};
        const label = { x: at(row) + panel, y: at(row) + panel + tickSpace + 12, align: 'right' } as const;
        drawSymbol(pen, symbol, unit, label, { symbol: colours.ink, unit: colours.secondary });
        if (row < n - 1) place(pen, rowTicks(axes[row]!, 3, colours), at(n), at(row), margin.right, panel);
      }
    },
    csv: () => marginalsCsv(picture),
  };
}

/** One panel as it stands enlarged. */
export function panelFigure(picture: PosteriorPicture, x: number, y: number): Figure {
  const { view, symbols, zoom, layers } = picture;
  const axisX = parameterAxis(view.marginals[x]!, zoom, layers.sets, x, layers.truth[x] ?? null);
  const axisY = parameterAxis(view.marginals[y]!, zoom, layers.sets, y, layers.truth[y] ?? null);
  const [size, left, bottom] = [400, 84, 48];
  const name = (i: number) => view.marginals[i]!.name;
  const isMarginal = x === y;
  return {
    name: isMarginal ? `posterior-${name(x)}` : `posterior-${name(x)}-${name(y)}`,
    title: isMarginal ? `Marginal density of ${name(x)}` : `Joint density of ${name(x)} and ${name(y)}`,
    width: left + size + 12,
    height: 8 + size + bottom,
    draw: (colours) => (pen) => {
      const inks = { symbol: colours.ink, unit: colours.secondary };
      pen.translate(left, 8);
      if (isMarginal) {
        place(pen, marginalCanvas(view, x, axisX, 7, colours, layers), 0, 0, size, size + tickSpace);
      } else {
        place(pen, pairCanvas(view, { x, y, axisX, axisY }, colours, layers), 0, 0, size, size);
        pen.font = smallFont;
        pen.fillStyle = colours.secondary;
        pen.textAlign = 'center';
        pen.textBaseline = 'top';
        for (const { value, text } of labelledTicks(axisX, 6)) {
          pen.fillText(text, axisScale(axisX, 0, size)(value), size + 5);
        }
        pen.textAlign = 'right';
        pen.textBaseline = 'middle';
        for (const { value, text } of labelledTicks(axisY, 6)) {
          pen.fillText(text, -6, axisScale(axisY, size, 0)(value));
        }
        pen.save();
        pen.translate(-60, size / 2);
        pen.rotate(-Math.PI / 2);
        const own = symbols[y];
        drawSymbol(pen, own?.symbol ?? name(y), own?.unit ?? '', { x: 0, y: 0, align: 'center' }, inks);
        pen.restore();
      }
      const own = symbols[x];
      const label = { x: size / 2, y: size + 38, align: 'center' } as const;
      drawSymbol(pen, own?.symbol ?? name(x), own?.unit ?? '', label, inks);
    },
    csv: () => (isMarginal ? marginalsCsv(picture, x) : pairCsv(picture, x, y)),
  };
}

/** One line a point: of one parameter, or of all. */
function marginalsCsv({ view, symbols, layers }: PosteriorPicture, only?: number): string {
  const rows = view.marginals.flatMap((marginal, i) => {
    if (only !== undefined && i !== only) return [];
    const conditional = layers.conditional?.marginals.find(({ parameter }) => parameter === i)?.density;
    return Array.from(marginal.grid, (value, g) => [
      marginal.name,
      symbols[i]?.unit ?? '',
      ...(marginal.logarithmic ? ['per e-fold'] : ['per unit']),
      ...[value, marginal.priorDensity[g]!, marginal.density[g] ?? null, conditional?.[g] ?? null],
    ]);
  });
  return csv(['parameter', 'unit', 'density', 'value', 'prior', 'posterior', 'conditional'], rows);
}

/** The density image, one line a cell, scaled to a maximum of 1. */
function pairCsv({ view, layers }: PosteriorPicture, x: number, y: number): string {
  const pair = pairOf(layers.conditional, x, y) ?? pairOf(view, x, y);
  const [first, second] = [view.marginals[x]!, view.marginals[y]!];
  const header = [first.name, second.name, 'relativeDensity'];
  if (pair === null) return csv(header, []);
  const { size, density } = pair;
  const at = (i: number, cell: number) => valueAlong(wholeAxis(view.marginals[i]!), (cell + 0.5) / size);
  return csv(
    header,
    Array.from(density, (value, k) => [at(x, k % size), at(y, Math.floor(k / size)), value]),
  );
}

/** A name for people, for menus: «g_Na and g_K». */
export function panelName(picture: PosteriorPicture, x: number, y: number): string {
  const name = (i: number) => symbolText(picture.symbols[i]?.symbol ?? picture.view.marginals[i]!.name);
  return x === y ? name(x) : `${name(x)} and ${name(y)}`;
}
