/** A value with three digits as people write it: «52,300», «−0.0652», «2.9 × 10¹⁴». */
export function sized(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (size === Number.POSITIVE_INFINITY) return `${sign}∞`;
  if (size === 0 || (size >= 1e-3 && size < 1e6))
    return sign + size.toLocaleString('en-US', { maximumSignificantDigits: 3 });
  const [digits, power] = size.toExponential(2).split('e');
  const raised = power!.replace('+', '').replace('-', '⁻');
  return `${sign}${Number(digits)} × 10${raised.replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]!)}`;
}
