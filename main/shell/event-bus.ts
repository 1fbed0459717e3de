import type { EventName, EventPayload } from '../contract/api.ts';

export type EventMessage = { [N in EventName]: { event: N; payload: EventPayload<N> } }[EventName];
type Listener = (message: EventMessage) => void;

/** What happens in main, to every door that listens. */
export class EventBus {
  readonly #listeners = new Set<Listener>();

  emit(message: EventMessage): void {
    for (const listener of [...this.#listeners]) listener(message);
  }

  /** Returns the function that stops listening. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
