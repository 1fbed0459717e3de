/**
 * Names of runs: the day, a dash, and the time of that day in five base-32 digits, all in UTC: `261123-h2k9v`. They sort
 * by time as plain text, are short enough to type, and are made without a counter, so that two programs that share one
 * history need not agree on anything.
 *
 * One unit of the last digit is 86,400,000 ms / 32⁵ = 2.57 ms; a name that is taken already moves on by one unit.
 */

/** Crockford's base 32: no i, l, o, u, which are misread or misheard. In the order of their character codes. */
const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const unitsPerDay = 32 ** 5;
const msPerDay = 86_400_000;

/** @param taken whether a name exists already */
export function newRunId(now: Date, taken: (id: string) => boolean): string {
  const day = Math.floor(now.getTime() / msPerDay);
  let unit = day * unitsPerDay + Math.floor(((now.getTime() - day * msPerDay) / msPerDay) * unitsPerDay);
  for (;;) {
    const id = format(unit);
    if (!taken(id)) return id;
    unit += 1;
  }
}

function format(unit: number): string {
  const day = Math.floor(unit / unitsPerDay);
  const date = new Date(day * msPerDay).toISOString().slice(2, 10).replaceAll('-', '');
  let rest = unit - day * unitsPerDay;
  let time = '';
  for (let i = 0; i < 5; i++) {
    time = digits[rest % 32]! + time;
    rest = Math.floor(rest / 32);
  }
  return `${date}-${time}`;
}
