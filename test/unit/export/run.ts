import type { RunRecord } from '../../../main/export/run-record.ts';
import { pilot, prepared, result, round } from '../history/records.ts';

/** One Gaussian, diag(25, 4) around (50, 7): inside the prior but for a thousandth. */
const density = {
  ...{ components: 1, dimension: 2, logWeights: [0], means: [50, 7], studentT: 0 },
  precisionFactors: [1 / 5, 0, 0, 1 / 2],
};

/** A made-up finished run of two rounds: two parameters, three features, a missing one and a bad simulation among the predictions. */
export const run: RunRecord = {
  id: '261124-abcde',
  prepared,
  result: { ...result('261124-abcde'), samples: Float64Array.of(50, 7, 55, 5, 45, 9, 48, 6.5, 52, 7.25) },
  rounds: [round(1), { ...round(2), posterior: JSON.stringify(density) }],
  ...{ pilot, replay: null },
};
