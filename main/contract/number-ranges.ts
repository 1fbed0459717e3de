/** How several sweeps are named, on a line and in the window: «0–4, 7, 9, 10»: ascending whole numbers, three and more neighbours as a range. */
export function numberRanges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs
    .flatMap(([from, to]) =>
      to - from > 1 ? [`${from}–${to}`] : to > from ? [`${from}`, `${to}`] : [`${from}`],
    )
    .join(', ');
}
