import type { Calibration, RankShape } from '../contract/calibration.ts';
import type { LocalC2st } from './local-c2st.ts';
import { rankCurve, rankDraws, rankHistogram, rankLevels, rankShape, staysInside } from './rank-curve.ts';
import { pointwiseBand, simultaneousBand } from './uniform-band.ts';
import { number, percent } from './words.ts';

/** From the ranks of a calibration study to what it says. */

export interface CalibrationRanks {
  /** [D][n] parameterRanks() of every simulation, by parameter */
  parameters: readonly (readonly number[])[];
  /** [n] densityRank() */
  density: readonly number[];
  /** [n] referenceRank() */
  reference: readonly number[];
}

export const histogramBins = 20;
/** A curve strays from its band by chance once in twenty studies; beyond this band, once in a thousand. */
const confidence = 0.95;
const confidenceSevere = 0.999;
/** p-value of the local test: one shuffle in a hundred, at most, does as well. */
const localDoubtful = 0.02;

type Judged = Pick<
  Calibration,
  | 'levels'
  | 'bands'
  | 'coverage'
  | 'reference'
  | 'parameters'
  | 'histogramBand'
  | 'local'
  | 'verdict'
  | 'reasons'
>;

/**
 * Curves, bands, verdict. The curve of every kind of rank is judged against the simultaneous band; those of the parameters against one
 * that is wider, so that all D together stray by chance once in twenty studies (Bonferroni).
 * @param names [D]
 */
export function calibrationSummary(
  names: readonly string[],
  ranks: CalibrationRanks,
  local: (LocalC2st & { shuffles: number }) | null,
): Judged {
  const n = ranks.density.length;
  const perParameter = (level: number) => 1 - (1 - level) / names.length;
  const bands = {
    pointwise: pointwiseBand(n, rankLevels, confidence),
    curve: simultaneousBand(n, rankLevels, confidence),
    allParameters: simultaneousBand(n, rankLevels, perParameter(confidence)),
  };
  const severe = simultaneousBand(n, rankLevels, confidenceSevere);
  const severeParameters = simultaneousBand(n, rankLevels, perParameter(confidenceSevere));
  const findings: Finding[] = [];

  const coverageCurve = rankCurve(ranks.density);
  const coverage = {
    curve: coverageCurve,
    shape: staysInside(coverageCurve, bands.curve) ? ('uniform' as const) : coverageShape(ranks.density),
  };
  findings.push(coverageFinding(coverage, n, staysInside(coverageCurve, severe)));

  const parameters = names.map((name, i) => {
    const own = ranks.parameters[i]!;
    const curve = rankCurve(own);
    const shape: RankShape = staysInside(curve, bands.allParameters) ? 'uniform' : rankShape(own);
    const words = `${name}: ${parameterWords[shape]}.`;
    if (shape !== 'uniform') findings.push([staysInside(curve, severeParameters) ? 1 : 2, words]);
    return { name, curve, histogram: rankHistogram(own, histogramBins).counts, shape, words };
  });
  if (parameters.every(({ shape }) => shape === 'uniform'))
    findings.push([
      0,
      'The truth lies evenly among the posterior’s draws in every parameter, as it does where all is right.',
    ]);

  const referenceCurve = rankCurve(ranks.reference);
  const reference = { curve: referenceCurve, uniform: staysInside(referenceCurve, bands.curve) };
  if (!reference.uniform)
    findings.push([
      staysInside(referenceCurve, severe) ? 1 : 2,
      'Measured from points that the data suggest (TARP), the truth lies nearer or further than the posterior says: its shape is not that of the data’s message, even where coverage is right.',
    ]);
  if (local !== null) findings.push(localFinding(local));

  findings.sort((a, b) => b[0] - a[0]);
  const { low, high } = rankHistogram(ranks.density, histogramBins);
  return {
    levels: [...rankLevels],
    bands,
    coverage,
    reference,
    parameters,
    histogramBand: { low, high },
    local,
    verdict: verdicts[findings[0]![0]],
    reasons: findings.map(([, sentence]) => sentence),
  };
}

type Finding = [severity: 0 | 1 | 2, sentence: string];
const verdicts = ['calibrated', 'look-closer', 'not-calibrated'] as const;

const parameterWords: Record<RankShape, string> = {
  uniform: 'calibrated, within what so many simulations can show',
  narrow: 'the posterior is too narrow; the truth lies in its tails too often',
  wide: 'the posterior is too wide; it knows more than it says',
  low: 'the posterior lies too low; the truth is above its middle too often',
  high: 'the posterior lies too high; the truth is below its middle too often',
};

/** Ranks by density run from the mode outwards: high ones are truths in the tails. */
function coverageShape(ranks: readonly number[]): 'narrow' | 'wide' {
  const mean = ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length;
  return mean > rankDraws / 2 ? 'narrow' : 'wide';
}

function coverageFinding({ curve, shape }: Calibration['coverage'], n: number, mild: boolean): Finding {
  const at90 = `its 90 % region held the truth in ${percent(shareAt(curve, 0.9))} of ${number(n)} simulations`;
  if (shape === 'uniform') return [0, `The posterior holds the truth as often as it says: ${at90}.`];
  const what =
    shape === 'narrow'
      ? 'The posterior is overconfident; take its intervals as too short'
      : 'The posterior is more cautious than it need be; its intervals are too long';
  // Caution misleads nobody as confidence does.
  return [shape === 'narrow' && !mild ? 2 : 1, `${what}: ${at90}.`];
}

/** Of a curve on rankLevels. */
export function shareAt(curve: readonly number[], level: number): number {
  return curve[rankLevels.findIndex((value) => Math.abs(value - level) < 1e-9)]!;
}

function localFinding({ pValue, shuffles }: LocalC2st & { shuffles: number }): Finding {
  const odds = `${number(Math.round(pValue * (shuffles + 1) - 1))} of ${number(shuffles)} classifiers that were taught at random tell as much`;
  if (pValue > localDoubtful)
    return [0, `At this observation a classifier cannot tell the posterior from the truth (${odds}).`];
  return [
    1,
    `At this observation a classifier can tell the posterior from the truth (${odds}): it is off here, though it may be right on average.`,
  ];
}
