import type { CallName, EventName, EventPayload, Transport } from './api.ts';
import { AppError, type WireError } from './errors.ts';

/** What comes back from main: never a rejection, because a rejection that crosses a context keeps its message alone. */
export type BridgeAnswer = { ok: true; value?: unknown } | { ok: false; error: WireError };

/** What the desktop's preload script puts on `window.chronaxie`. */
export interface DesktopBridge {
  call(name: CallName, input: unknown): Promise<BridgeAnswer>;
  on(name: EventName, listener: (payload: unknown) => void): () => void;
  pathOf(file: File): string;
}

/** The bridge as the transport that the renderer knows. */
export function transportOf(bridge: DesktopBridge): Transport {
  return {
    invoke: async (name, input) => {
      const answer = await bridge.call(name, input);
      if (!answer.ok) throw AppError.fromWire(answer.error);
      return answer.value as never; // main's handlers are typed by the same schema value
    },
    on: <N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void) =>
      bridge.on(name, (payload) => {
        listener(payload as EventPayload<N>);
      }),
    pathOf: async (file) => bridge.pathOf(file),
  };
}
