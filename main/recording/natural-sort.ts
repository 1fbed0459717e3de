const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'variant' });

/** Compares names as people number them: Sweep_2 before Sweep_10. */
export function naturalCompare(a: string, b: string): number {
  return collator.compare(a, b);
}

/** The last run of digits in a name, as a number; null without one. */
export function trailingNumber(name: string): number | null {
  const digits = /(\d+)\D*$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}
