import { untrack } from 'svelte';

/**
 * Rows of a table as they are put into the page: a few a frame, so that a hundred that come at once hold nobody up. A row
 * that is only replaced stays until its turn comes. Made by a component.
 *
 * @param read all that is there
 * @param aFrame how many rows are built between two frames
 */
export class Arriving<Row> {
  #rows = $state.raw<readonly Row[]>([]);

  constructor(read: () => readonly Row[], keyOf: (row: Row) => unknown, aFrame: number) {
    $effect.pre(() => {
      const wanted = read();
      let built = 0;
      let frame = 0;
      const some = () => {
        built += aFrame;
        this.#rows = withFirst(this.#rows, wanted, built, keyOf);
        if (built < wanted.length) frame = requestAnimationFrame(some);
      };
      untrack(some);
      return () => cancelAnimationFrame(frame);
    });
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }
}

/** The first rows of what is wanted; behind them those that stood there, where they are rows of the same things. */
export function withFirst<Row>(
  before: readonly Row[],
  wanted: readonly Row[],
  built: number,
  keyOf: (row: Row) => unknown,
): readonly Row[] {
  if (built >= wanted.length) return wanted;
  const standing = before.slice(built, wanted.length);
  const areSame = standing.every((row, i) => keyOf(row) === keyOf(wanted[built + i]!));
  return [...wanted.slice(0, built), ...(areSame ? standing : [])];
}
