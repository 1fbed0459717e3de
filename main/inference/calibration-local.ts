import type { CalibrationProgress } from '../contract/calibration.ts';
import { localC2st, localC2stShuffles, type LocalC2st } from '../diagnostics/local-c2st.ts';
import type { CalibrationStudy } from './calibration-study.ts';

/** Posterior draws at which the classifiers are asked: their mean is known to a few per cent. */
const askedDraws = 500;

/**
 * L-C2ST at the run's own observation, with the simulations of a calibration study. A missing feature is 0, the pilot's mean, and
 * said to be missing in a column of its own.
 * @param simulated truths [n, D] and x [n, F], of which rows were compared
 * @param drawn [rows] of [D], one draw of each simulation's posterior
 */
export async function localCheck(
  { id, problem, result, scale }: CalibrationStudy,
  { truths, x, rows }: { truths: Float64Array; x: Float64Array; rows: readonly number[] },
  drawn: readonly Float64Array[],
  {
    shuffles = localC2stShuffles,
    signal,
    onProgress,
  }: { shuffles?: number; signal?: AbortSignal; onProgress?: (progress: CalibrationProgress) => void },
): Promise<(LocalC2st & { shuffles: number }) | null> {
  const { coordinates, prepared, observed } = problem;
  const { dimension, prior } = coordinates;
  const asked = result.samples.slice(0, askedDraws * dimension);
  if (asked.length === 0) return null;
  const standard = (theta: Float64Array) =>
    theta.map((value, i) => (value - prior.mean[i % dimension]!) / prior.sd[i % dimension]!);
  const scaled = scale(x);
  const own = scale(observed);
  const width = own.length;
  const gaps = Array.from({ length: width }, (_, f) => f).filter(
    (f) => Number.isNaN(own[f]!) || rows.some((row) => Number.isNaN(scaled[row * width + f]!)),
  );
  const columns = (values: Float64Array): number[] => [
    ...values.map((value) => (Number.isNaN(value) ? 0 : value)),
    ...gaps.map((f) => Number(Number.isNaN(values[f]!))),
  ];
  const startMs = performance.now();
  const found = await localC2st(
    {
      dimension,
      features: width + gaps.length,
      truth: standard(
        concatenated(rows.map((row) => truths.subarray(row * dimension, (row + 1) * dimension))),
      ),
      estimated: standard(concatenated(drawn)),
      x: concatenated(rows.map((row) => columns(scaled.subarray(row * width, (row + 1) * width)))),
      observed: Float64Array.from(columns(own)),
      draws: standard(coordinates.toWorking(asked)),
    },
    {
      seed: prepared.config.seed,
      shuffles,
      ...(signal ? { signal } : {}),
      onProgress(done, total) {
        const etaSeconds = ((performance.now() - startMs) / 1000 / done) * (total - done);
        onProgress?.({ id, phase: 'local', done, total, etaSeconds });
      },
    },
  );
  return { ...found, shuffles };
}

function concatenated(parts: readonly ArrayLike<number>[]): Float64Array {
  const whole = new Float64Array(parts.length * (parts[0]?.length ?? 0));
  parts.forEach((part, i) => whole.set(part, i * part.length));
  return whole;
}
