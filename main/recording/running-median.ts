/**
 * Median of each sample's neighbourhood of `width` samples (odd; cut at the ends): it removes transients shorter than half
 * the width and keeps edges where they are.
 */
export function runningMedian(values: Float32Array, width: number): Float32Array {
  const n = values.length;
  const half = width >> 1;
  const sorted = new Float32Array(width);
  let size = 0;
  const out = new Float32Array(n);
  for (let enter = 0; enter < n + half; enter++) {
    if (enter < n) {
      const at = lowerBound(sorted, size, values[enter]!);
      sorted.copyWithin(at + 1, at, size);
      sorted[at] = values[enter]!;
      size++;
    }
    const centre = enter - half;
    if (centre < 0) continue;
    const middle = size >> 1;
    out[centre] = size % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
    const leave = centre - half;
    if (leave >= 0) {
      const at = lowerBound(sorted, size, values[leave]!);
      sorted.copyWithin(at, at + 1, size);
      size--;
    }
  }
  return out;
}

/** Index of the first of the `size` sorted values that is not below `value`. */
function lowerBound(sorted: Float32Array, size: number, value: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
