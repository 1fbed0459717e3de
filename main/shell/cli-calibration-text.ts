import type { Calibration } from '../contract/calibration.ts';
import { plainTable } from './cli-tables.ts';

const headings = {
  calibrated: 'The posterior is calibrated, as far as this study can tell:',
  'look-closer': 'Look closer:',
  'not-calibrated': 'The posterior is not calibrated:',
} as const;
const shapes = {
  uniform: 'calibrated',
  narrow: 'too narrow',
  wide: 'too wide',
  low: 'too low',
  high: 'too high',
} as const;
/** Of which the table tells. */
const tableLevels = [0.5, 0.8, 0.9, 0.95];

/** A calibration for people: coverage at four levels, each parameter, and the verdict with its reasons. */
export function calibrationText(calibration: Calibration): string {
  const { levels, bands, coverage, parameters, compared, simulations, lost, verdict, reasons } = calibration;
  const how = calibration.method === 'network' ? 'asking the trained network' : 'fitting each anew';
  const head = `Calibration of ${calibration.id}: ${compared} of ${simulations} simulations compared, ${how} (${calibration.seconds.toFixed(1)} s).`;
  const gone =
    lost > 0
      ? [`${lost} of their estimates lie almost wholly outside the prior and were counted as they are.`]
      : [];
  const held = plainTable(['region', 'held the truth', 'right would be'], ['left', 'right', 'left']);
  for (const level of tableLevels) {
    const i = levels.findIndex((value) => Math.abs(value - level) < 1e-9);
    const { low, high } = bands.pointwise;
    held.push([
      `${Math.round(100 * level)} %`,
      `${(100 * coverage.curve[i]!).toFixed(1)} %`,
      `${(100 * low[i]!).toFixed(1)} … ${(100 * high[i]!).toFixed(1)} %`,
    ]);
  }
  const each = plainTable(['parameter', 'posterior']);
  for (const { name, shape } of parameters) each.push([name, shapes[shape]]);
  const judged = [headings[verdict], ...reasons.map((reason) => `  ${reason}`)].join('\n');
  return [[head, ...gone].join('\n'), held.toString(), each.toString(), judged].join('\n\n');
}
