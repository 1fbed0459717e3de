import type {
  CallInput,
  CallName,
  CallOutput,
  EventName,
  EventPayload,
  Transport,
} from '../../../main/contract/api.ts';

type Answers = { [N in CallName]?: (input: CallInput<N>) => CallOutput<N> | Promise<CallOutput<N>> };

/** A transport that answers as a test says, remembers what it was asked, and sends events when told to. */
export class FakeTransport implements Transport {
  readonly asked: { name: CallName; input: unknown }[] = [];
  readonly answers: Answers;
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>();

  constructor(answers: Answers = {}) {
    this.answers = answers;
  }

  async invoke<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    this.asked.push({ name, input });
    const answer = this.answers[name] as ((input: CallInput<N>) => CallOutput<N>) | undefined;
    if (answer === undefined) throw new Error(`the test has no answer to ${name}`);
    return answer(input);
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  emit<N extends EventName>(name: N, payload: EventPayload<N>): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(payload as never);
  }

  async pathOf(file: File): Promise<string> {
    return `/received/${file.name}`;
  }
}
