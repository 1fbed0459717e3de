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

/** 3.2 → «3 s», 200 → «3 min», 6000 → «1 h 40 min», 200000 → «2.3 days». */
export function duration(seconds: number): string {
  if (seconds < 1) return 'less than 1 s';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${(minutes / (24 * 60)).toFixed(1)} days`;
}
