import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Handlers } from '../contract/api.ts';
import { decodeFrame, encodeFrame, type ServerFrame } from '../contract/codec.ts';
import { dispatch } from './dispatch.ts';
import type { EventBus, EventMessage } from './event-bus.ts';

const frameSchema = z.object({
  id: z.number().int().min(0),
  call: z.string(),
  input: z.unknown().optional(),
});

/** Bytes on their way to the page above which progress events are left out: a later one says the same and more. */
const crowdedBytes = 1 << 20;

/**
 * One page on one socket. Calls are worked on side by side; answers leave one after the other, each once the one before it
 * has been handed to the system, so that a page that reads slowly costs one large answer of memory and not many.
 */
export function attachSocket(socket: WebSocket, handlers: Handlers, events: EventBus): void {
  let last: Promise<void> = Promise.resolve();
  const send = (frame: () => ServerFrame) => {
    last = last.then(() => write(socket, frame()));
  };
  const stopListening = events.listen((message: EventMessage) => {
    if (message.event === 'run.progress' && socket.bufferedAmount > crowdedBytes) return;
    send(() => message);
  });
  socket.on('close', stopListening);
  socket.on('error', () => {
    socket.terminate(); // the page is gone or speaks nonsense; the fit goes on
  });
  socket.on('message', (data, isBinary) => {
    const frame = isBinary && data instanceof Uint8Array ? parse(data) : null;
    if (frame === null) {
      socket.close(1007, 'not a call frame');
      return;
    }
    void dispatch(handlers, frame.call, frame.input).then((answer) => {
      send(() => ({ id: frame.id, ...answer }));
    });
  });
}

function parse(data: Uint8Array): z.infer<typeof frameSchema> | null {
  try {
    return frameSchema.parse(decodeFrame(data));
  } catch {
    return null; // damaged bytes or another form: the caller closes the socket
  }
}

function write(socket: WebSocket, frame: ServerFrame): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState !== socket.OPEN) {
      resolve();
      return;
    }
    socket.send(encodeFrame(frame), () => {
      resolve(); // an error closes the socket, which the 'close' listener above handles
    });
  });
}
