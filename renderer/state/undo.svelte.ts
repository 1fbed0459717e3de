/** Something that was taken away, and how to bring it back. */
export interface Undoable {
  /** What was done, as a sentence: ««run 3» was deleted.» */
  words: string;
  undo: () => void | Promise<void>;
}

/** Everything destructive goes here; the last comes back first. */
export class Undo {
  #stack = $state.raw<readonly Undoable[]>([]);

  /** What would come back next; null = nothing. */
  get last(): Undoable | null {
    return this.#stack.at(-1) ?? null;
  }

  push(step: Undoable): void {
    this.#stack = [...this.#stack, step];
  }

  /** true = something came back. */
  async undo(): Promise<boolean> {
    const step = this.last;
    if (step === null) return false;
    this.#stack = this.#stack.slice(0, -1);
    await step.undo();
    return true;
  }

  /** The message is put away; what was done stays done. */
  dismiss(): void {
    this.#stack = [];
  }
}
