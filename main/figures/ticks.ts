/** Steps that read as round: 1, 2 or 5 × 10ⁿ. */
const roundSteps = [1, 2, 5, 10];
/** For panels that hold two or three ticks, where 1, 2, 5 would often leave a single one. */
const panelSteps = [1, 1.5, 2, 2.5, 3, 4, 5, 10];

/** The smallest round step (1, 2, 5 × 10ⁿ by default) that is at least `size`. */
export function roundStep(size: number, steps: readonly number[] = roundSteps): number {
  if (!(size > 0) || !Number.isFinite(size)) return 1;
  const power = 10 ** Math.floor(Math.log10(size));
  const factor = steps.find((step) => step * power >= size * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Round values inside [low, high], at most `most` of them. */
export function ticks(low: number, high: number, most: number): number[] {
  return multiples(low, high, most, roundSteps);
}

/** The same for small panels: two or three round values wherever the range holds as many. */
export function panelTicks(low: number, high: number, most: number): number[] {
  return multiples(low, high, most, panelSteps);
}

/** Of a logarithmic axis: powers of ten, every so many where they are more than wanted; below two of them 1, 2, 5 × 10ⁿ. */
export function logTicks(low: number, high: number, most: number): number[] {
  if (!(low > 0 && high > low)) return [];
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const decades = last - first + 1;
  if (decades < 2) {
    const between = [-1, 0, 1].flatMap((shift) =>
      [1, 2, 5].map((factor) => Number(`${factor}e${first + shift}`)),
    );
    const inside = between.filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
    return inside.length >= 2 ? inside.slice(0, most) : panelTicks(low, high, most);
  }
  const every = Math.ceil(decades / Math.max(1, most));
  return Array.from({ length: Math.ceil(decades / every) }, (_, i) => Number(`1e${first + i * every}`));
}

function multiples(low: number, high: number, most: number, steps: readonly number[]): number[] {
  if (!(high > low)) return Number.isFinite(low) ? [low] : [];
  let step = roundStep((high - low) / Math.max(1, most), steps);
  for (;;) {
    const first = Math.ceil(low / step - 1e-9);
    const last = Math.floor(high / step + 1e-9);
    if (last - first + 1 <= most) {
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => exact((first + i) * step, step));
    }
    step = roundStep(step * 1.01, steps);
  }
}

/** Decimals that show every tick of this step apart from its neighbours. */
export function tickDecimals(values: readonly number[]): number {
  const step = values.length > 1 ? Math.abs((values[1] ?? 0) - (values[0] ?? 0)) : Math.abs(values[0] ?? 1);
  if (step === 0) return 0;
  for (let decimals = 0; decimals < 10; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 10;
}

/** A scale bar: the longest 1, 2 or 5 × 10ⁿ that is at most `fraction` of the range. */
export function scaleBar(range: number, fraction = 0.2): number {
  const most = range * fraction;
  if (!(most > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(most) + 1e-9);
  const factor = [5, 2, 1].find((step) => step * power <= most * (1 + 1e-9)) ?? 1;
  return factor * power;
}

/** Removes the binary dust of `n × step`: 0.30000000000000004 → 0.3. */
function exact(value: number, step: number): number {
  const decimals = Math.max(0, 1 - Math.floor(Math.log10(step)));
  return decimals > 15 ? value : Number(value.toFixed(decimals));
}
