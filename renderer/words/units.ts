import type { GivenStep, Reading, TraceMapping } from '../../main/contract/recording.ts';
import { count } from '../../main/figures/number.ts';

/** A power of ten as people write it: «1,000», «0.001», «10⁻¹²». */
export function factorText(factor: number): string {
  const power = Math.round(Math.log10(factor));
  if (Math.abs(power) <= 3 || Math.abs(factor / 10 ** power - 1) > 1e-9)
    return factor >= 1000 ? count(factor) : String(factor);
  const digits = String(Math.abs(power)).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]!);
  return `10${power < 0 ? '⁻' : ''}${digits}`;
}

/** «voltage × 1,000, current × 0.001»; null where the file is read as it is. */
export function readingWords({ voltageFactor, currentFactor, givenStep, mapping }: Reading): string | null {
  const parts = [
    ...(voltageFactor === null ? [] : [`voltage × ${factorText(voltageFactor)}`]),
    ...(currentFactor === null ? [] : [`current × ${factorText(currentFactor)}`]),
    ...(mapping ? [mappingWords(mapping)] : []),
    ...(givenStep ? [stepWords(givenStep)] : []),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

/** «columns t (ms), v (mV), i (pA)»: of several the first and the last. */
function mappingWords({ time, rateHz, voltage, current }: TraceMapping): string {
  const some = ({ columns, unit }: TraceMapping['voltage']) =>
    `${columns.length > 1 ? `${columns[0]} … ${columns.at(-1)}` : columns[0]} (${unit})`;
  const parts = [
    time ? `${time.column} (${time.unit})` : `sampled at ${count(rateHz ?? 0)} Hz`,
    some(voltage),
    ...(current ? [some(current)] : []),
  ];
  return `columns ${parts.join(', ')}`;
}

/** «a step of 50 pA (+20 a sweep) at 100–600 ms». */
function stepWords({ startMs, endMs, amplitudePa, incrementPa }: GivenStep): string {
  const plain = (value: number) => String(value).replace('-', '−');
  const growing = incrementPa === 0 ? '' : ` (${incrementPa > 0 ? '+' : ''}${plain(incrementPa)} a sweep)`;
  return `a step of ${plain(amplitudePa)} pA${growing} at ${plain(startMs)}–${plain(endMs)} ms`;
}
