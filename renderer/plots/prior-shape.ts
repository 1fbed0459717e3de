import type { PriorSpec } from '../../main/contract/prior.ts';
import { priorParts } from '../state/parameter-row.ts';

/** Half width of what is drawn of a normal, in standard deviations. */
const reach = 3;
const points = 48;

/**
 * A prior's density as an SVG path in a box of `width` × `height`, closed at its base: of the parameter, or, where the prior is over its
 * logarithm, of that. A log prior is thus drawn as flat, or as a bell, as it is on the axis that it is stated on.
 */
export function priorShape(prior: PriorSpec, width: number, height: number): string {
  const { kind } = priorParts(prior);
  const isFlat = kind === 'uniform' || kind === 'logUniform';
  const at = (share: number, density: number) =>
    `${(share * width).toFixed(1)} ${(height - density * (height - 2)).toFixed(1)}`;
  // A flat prior ends within what is drawn, so that its edges are seen.
  const curve = isFlat
    ? [at(0.1, 0), at(0.1, 1), at(0.9, 1), at(0.9, 0)]
    : Array.from({ length: points + 1 }, (_, i) => {
        const z = ((2 * i) / points - 1) * reach;
        return at(i / points, Math.exp(-0.5 * z * z));
      });
  return `M 0 ${height} L ${curve.join(' L ')} L ${width} ${height}`;
}

/** On which axis a prior is flat or a bell. */
export function priorScale(prior: PriorSpec): 'linear' | 'log' {
  const { kind } = priorParts(prior);
  return kind === 'logUniform' || kind === 'logNormal' ? 'log' : 'linear';
}
