import { untrack } from 'svelte';
import { cubicOut } from 'svelte/easing';
import { prefersReducedMotion, Tween } from 'svelte/motion';
import type { PosteriorView } from '../../main/contract/posterior.ts';

const durationMs = 200;

/** The way from one round's posterior to the next: 200 ms, or none where motion is not wanted. Made by a component. */
export class Morph {
  readonly #share = new Tween(1, { duration: durationMs, easing: cubicOut });
  #from = $state.raw<PosteriorView | null>(null);
  #shown: PosteriorView | null = null;

  /** @param read the view that is chosen */
  constructor(read: () => PosteriorView | null) {
    $effect.pre(() => {
      const next = read();
      untrack(() => this.#change(next));
    });
  }

  /** Where the view comes from; null while it stands. */
  get from(): PosteriorView | null {
    return this.#share.current < 1 ? this.#from : null;
  }
  get share(): number {
    return this.#share.current;
  }

  #change(next: PosteriorView | null): void {
    const before = this.#shown;
    this.#shown = next;
    if (next === null || before === null || next === before || next.run !== before.run) return;
    if (prefersReducedMotion.current || before.marginals.length !== next.marginals.length) return;
    this.#from = before;
    void this.#share.set(0, { duration: 0 });
    void this.#share.set(1);
  }
}
