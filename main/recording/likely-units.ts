import type { UnitFactors } from '../contract/recording.ts';
import { median } from '../numeric/statistics.ts';
import { PLAUSIBLE_MV, PLAUSIBLE_PA, type SweepReport } from './summarise-sweep.ts';

/** Membrane potentials average between these (mV), whether the cell rests, spikes or is hyperpolarised. */
const CELL_MV = { low: -150, high: -10 };
/** A voltage that averages within this (mV) belongs to no cell: an electrode in the bath, or a wrong unit. */
const NO_CELL_MV = 1;
/** The largest current of a protocol (pA): a factor of 1000 wide, so that no two powers of 1000 lead there. */
const PROTOCOL_PA = { low: 5, high: 5000 };
/** No protocol stays below this (pA); the smallest cells are given a few pA. */
const NO_PROTOCOL_PA = 2;
/** Units are mistaken for each other by powers of 1000; 1 = the right number under a wrong name. */
const powers = [1e3, 1e-3, 1e6, 1e-6, 1e9, 1e-9, 1e12, 1e-12];

/**
 * The factor that makes a file's implausible values those of a cell; null where they are plausible, or no power of 1000 does. Judged
 * over all sweeps at once, as a wrong unit is the whole file's.
 */
export function likelyFactors(reports: readonly SweepReport[]): UnitFactors {
  return { voltageFactor: voltageFactor(reports), currentFactor: currentFactor(reports) };
}

function voltageFactor(reports: readonly SweepReport[]): number | null {
  const levels = reports.flatMap(({ levels: { response } }) => response ?? []);
  if (levels.length === 0) return null;
  const mean = median(levels);
  const mislabelled = reports.some(({ levels: { labelledCurrent } }) => labelledCurrent);
  const isCell = (mv: number) => mv > CELL_MV.low && mv < CELL_MV.high;
  if (mislabelled && isCell(mean)) return 1;
  // the channel kept voltage clamp's gain (as V/nA), while the amplifier gave its 10·V_m
  const tenfold = reports.find(({ levels }) => levels.labelledCurrent)?.levels.tenfoldVm ?? null;
  if (tenfold !== null && isCell(mean * tenfold)) return Number(tenfold.toPrecision(6));
  const implausible = mislabelled || Math.abs(mean) < NO_CELL_MV || Math.abs(mean) > PLAUSIBLE_MV;
  return implausible ? (powers.find((factor) => isCell(mean * factor)) ?? null) : null;
}

function currentFactor(reports: readonly SweepReport[]): number | null {
  const peak = Math.max(0, ...reports.map(({ levels: { peakPa } }) => peakPa ?? 0));
  if (peak === 0 || (peak >= NO_PROTOCOL_PA && peak <= PLAUSIBLE_PA)) return null;
  return (
    powers.find((factor) => peak * factor >= PROTOCOL_PA.low && peak * factor < PROTOCOL_PA.high) ?? null
  );
}
