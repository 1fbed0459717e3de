import type { MarginalView } from '../../main/contract/posterior.ts';
import type { Draw } from '../../main/figures/pen.ts';

/** Marginal densities of two runs on one axis that spans both priors; the second dashed, so that colour alone does not tell. */
export function drawCurves(
  marginals: readonly (MarginalView | undefined)[],
  colours: readonly [string, string],
  line: string,
): Draw {
  return (pen, width, height) => {
    const known = marginals.filter((one) => one !== undefined);
    const logarithmic = known.some((one) => one.logarithmic);
    const on = (value: number) => (logarithmic ? Math.log(value) : value);
    const low = on(Math.min(...known.map((one) => one.low)));
    const high = on(Math.max(...known.map((one) => one.high)));
    const peak = Math.max(0, ...known.flatMap((one) => [...one.density]));
    const base = height - 1;
    pen.setLineDash([]);
    pen.lineWidth = 1;
    pen.strokeStyle = line;
    pen.beginPath();
    pen.moveTo(0, base);
    pen.lineTo(width, base);
    pen.stroke();
    marginals.forEach((one, which) => {
      if (one === undefined || one.density.length === 0 || peak === 0) return;
      pen.strokeStyle = colours[which] ?? line;
      pen.lineWidth = 1.5;
      pen.setLineDash(which === 0 ? [] : [4, 2]);
      pen.beginPath();
      one.grid.forEach((value, i) => {
        const x = ((on(value) - low) / (high - low)) * width;
        const y = base - (one.density[i]! / peak) * (height - 4);
        if (i === 0) pen.moveTo(x, y);
        else pen.lineTo(x, y);
      });
      pen.stroke();
    });
    pen.setLineDash([]);
  };
}
