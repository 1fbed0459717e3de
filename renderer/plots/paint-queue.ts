/**
 * Many panels change at once when a posterior changes; drawn all in one task they would hold up typing and scrolling. The
 * queue paints for a few milliseconds a frame, in the order in which panels asked, and a panel that asks again before its
 * turn is painted once.
 */
const budgetMs = 10;

export class PaintQueue {
  readonly #waiting = new Map<object, () => void>();
  readonly #nextFrame: (flush: () => void) => void;
  readonly #now: () => number;
  #scheduled = false;

  constructor(nextFrame: (flush: () => void) => void, now: () => number) {
    this.#nextFrame = nextFrame;
    this.#now = now;
  }

  ask(panel: object, paint: () => void): void {
    this.#waiting.set(panel, paint);
    this.#schedule();
  }

  /** The panel is gone. */
  forget(panel: object): void {
    this.#waiting.delete(panel);
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.size === 0) return;
    this.#scheduled = true;
    this.#nextFrame(() => {
      this.#scheduled = false;
      const startMs = this.#now();
      for (const [panel, paint] of this.#waiting) {
        this.#waiting.delete(panel);
        paint();
        if (this.#now() - startMs >= budgetMs) break;
      }
      this.#schedule();
    });
  }
}

export const paintQueue = new PaintQueue(
  (flush) => requestAnimationFrame(flush),
  () => performance.now(),
);
