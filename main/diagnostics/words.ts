/** Numbers in sentences for people. */

/** 12345.6 → «12,346»; small ones keep two digits. */
export function number(value: number): string {
  return value.toLocaleString(
    'en',
    value < 10 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 },
  );
}

/** 0.9713 → «97 %»; close to 1 as many digits as it takes not to say 100 %. */
export function percent(value: number): string {
  for (let digits = 0; digits < 6; digits++) {
    const text = (100 * value).toFixed(digits);
    if (value === 1 || Number(text) < 100) return `${text} %`;
  }
  return 'nearly 100 %';
}

/** 0.5 → «50 %», 0.0123 → «1.2 %», 0.00001 → «less than 0.01 %». */
export function share(value: number): string {
  if (value < 1e-4) return 'less than 0.01 %';
  return value < 0.1 ? `${(100 * value).toPrecision(2)} %` : percent(value);
}

export function moreThan(limit: number, part: number, whole: number): boolean {
  return part > limit * whole;
}
