import type { Summary } from '../contract/run.ts';
import { TruncatedDensity } from '../density/truncated.ts';
import { contraction } from '../diagnostics/contraction.ts';
import { correlationMatrix } from '../diagnostics/correlation-matrix.ts';
import { createRandom } from '../numeric/random.ts';
import { densityFromJson } from '../train/density-json.ts';
import { comparison } from './comparison.ts';
import type { PreparedRecord, ResultRecord, RoundRecord } from './fit-store.ts';
import { coordinatesOf } from './problem.ts';
import { samplingLimitMs, summariseParameters } from './result.ts';
import { purpose } from './streams.ts';

/**
 * What a run has to show after its last finished round, though more were to follow: samples of that round's estimate, with the same
 * stream as a finished run's, and no simulations at them. Its verdict is never “trust”.
 * @returns null where there is no finished round, or no estimate, as in a search
 */
export async function interimResult(
  run: { id: string; version: string },
  prepared: PreparedRecord,
  rounds: readonly RoundRecord[],
): Promise<ResultRecord | null> {
  const last = rounds.at(-1);
  const { config } = prepared;
  if (last === undefined || config.algorithm === 'ibea') return null;
  const coordinates = coordinatesOf(prepared);
  const density = new TruncatedDensity(densityFromJson(JSON.parse(last.posterior)), coordinates.prior);
  const random = createRandom(config.seed, purpose.posterior, last.round);
  const drawn = await density.sampleMany(config.samples, random, { timeLimitMs: samplingLimitMs });
  const samples = coordinates.fromWorking(drawn.samples);
  const count = samples.length / prepared.parameters.length;
  const message =
    count < config.samples
      ? `Round ${last.round} of ${config.rounds} is the last that is finished; only ${count} of ${config.samples} samples of its estimate were found.`
      : `Round ${last.round} of ${config.rounds} is the last that is finished; its estimate was not compared with the recording.`;
  const remedy = `«chronaxie runs resume ${run.id}» continues the run.`;
  const summary: Summary = {
    ...run,
    seed: config.seed,
    algorithm: config.algorithm,
    device: last.report.trainedOn?.device ?? 'cpu',
    strict: config.strict,
    seconds: rounds.reduce((sum, { report }) => sum + report.seconds.simulate + report.seconds.train, 0),
    recording: prepared.recording,
    model: prepared.model,
    features: comparison(prepared).features,
    parameters: count > 0 ? summariseParameters({ prepared, coordinates }, samples, density) : [],
    rounds: rounds.map(({ report }) => report),
    diagnostics: {
      acceptance: density.acceptance,
      predictivePercentiles: {},
      contraction: count > 1 ? contraction(samples, prepared.parameters, prepared.jointPrior) : {},
      correlation: count > 1 ? correlationMatrix(samples, prepared.parameters.length) : [],
      misspecification: null,
      verdict: 'look-closer',
      reasons: [message],
    },
    search: null,
    warnings: [...prepared.warnings, { code: 'rounds-unfinished', message, remedy }],
  };
  const none = new Float64Array();
  return { summary, samples, predictiveTheta: none, predictiveX: none, predictiveBad: new Uint8Array() };
}
