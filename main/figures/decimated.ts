/**
 * Traces decimated for drawing: column i covers [timeMs[i], timeMs[i + 1]) and holds the smallest and largest value in
 * it. Where nothing was decimated, min and max are equal.
 */
export interface Columns {
  timeMs: Float32Array;
  min: Float32Array;
  max: Float32Array;
}

/**
 * Walks a line through the extremes of columns `first` … `last`, half a column apart. Of the two, the one nearer to where the
 * line stands comes first, so that a slope is drawn as a slope and not as a saw or a staircase. y is NaN where nothing was
 * recorded.
 */
export function walkColumns(
  { timeMs, min, max }: Columns,
  first: number,
  last: number,
  visit: (x: number, y: number) => void,
): void {
  const half = timeMs.length > 1 ? (timeMs[1]! - timeMs[0]!) / 2 : 0;
  let y = min[first] ?? 0;
  for (let i = first; i <= last; i++) {
    const x = timeMs[i]!;
    const low = min[i] ?? NaN;
    const high = max[i] ?? NaN;
    if (low === high || Number.isNaN(low)) {
      visit(x, low);
      y = low;
      continue;
    }
    const lowFirst = Math.abs(low - y) <= Math.abs(high - y);
    visit(x, lowFirst ? low : high);
    y = lowFirst ? high : low;
    visit(x + half, y);
  }
}

/** The column that holds a time; −1 outside the trace. timeMs is ascending. */
export function columnAt(timeMs: Float32Array, time: number): number {
  const n = timeMs.length;
  if (n === 0 || time < timeMs[0]!) return -1;
  const width = n > 1 ? timeMs[n - 1]! - timeMs[n - 2]! : 0;
  if (time > timeMs[n - 1]! + width) return -1;
  let low = 0;
  let high = n - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (timeMs[middle]! <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The smallest and largest value of a column; null outside the trace or where nothing was recorded. */
export function valueAt(
  timeMs: Float32Array,
  min: Float32Array,
  max: Float32Array,
  time: number,
): { min: number; max: number } | null {
  const column = columnAt(timeMs, time);
  const low = min[column];
  const high = max[column];
  return low === undefined || high === undefined || Number.isNaN(low) ? null : { min: low, max: high };
}

/** The extremes of several decimated traces; null where there is no finite value. */
export function extent(parts: readonly (readonly [Float32Array, Float32Array])[]): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const [min, max] of parts) {
    for (const value of min) if (value < low) low = value;
    for (const value of max) if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}
