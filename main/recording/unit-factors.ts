import type { UnitFactors } from '../contract/recording.ts';
import type { FileSweep } from './recording-file.ts';
import type { Series } from './series.ts';

/** A sweep whose file states wrong units, with its values multiplied; what was recorded in voltage clamp stays as it is. */
export function inUnits(sweep: FileSweep, { voltageFactor, currentFactor }: UnitFactors): FileSweep {
  if (sweep.mode === 'voltage-clamp') return sweep;
  const { response, stimulus } = sweep;
  return {
    ...sweep,
    response: multiplied(response, 'voltage', voltageFactor),
    stimulus: stimulus && { ...stimulus, series: multiplied(stimulus.series, 'current', currentFactor) },
  };
}

function multiplied(series: Series, quantity: 'voltage' | 'current', factor: number | null): Series {
  if (factor === null) return series;
  return { ...series, quantity, scale: series.scale * factor, shift: series.shift * factor };
}
