/** So often (ms) a reader that works tells so, however many steps it makes. */
const INTERVAL_MS = 500;

let listener: () => void = () => undefined;
let last = 0;

/** Who is told, in this thread, that reading goes on; one at a time. */
export function hearSignsOfLife(hear: () => void): void {
  listener = hear;
}

/** Called after each step of what may take long: a large file takes its time, and a damaged one stands still. */
export function giveSignOfLife(): void {
  const now = performance.now();
  if (now - last < INTERVAL_MS) return;
  last = now;
  listener();
}
