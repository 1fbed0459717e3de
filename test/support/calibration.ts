import type { Calibration } from '../../main/contract/calibration.ts';
import { calibrationSummary } from '../../main/diagnostics/calibration-summary.ts';

/** A made-up calibration of even ranks: all is right. */
export function evenCalibration(id: string): Omit<Calibration, 'at'> {
  const even = Array.from({ length: 100 }, (_, i) => 10 * i + 5);
  return {
    ...{ id, method: 'network', seed: 1, simulations: 102, compared: 100, draws: 999, lost: 0, seconds: 2.5 },
    ...calibrationSummary(['gNa', 'gK'], { parameters: [even, even], density: even, reference: even }, null),
  };
}
