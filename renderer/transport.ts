import type {
  CallInput,
  CallName,
  CallOutput,
  EventName,
  EventPayload,
  Transport,
} from '../main/contract/api.ts';
import { type CallFrame, decodeFrame, encodeFrame, type ServerFrame } from '../main/contract/codec.ts';
import { type DesktopBridge, transportOf } from '../main/contract/desktop-bridge.ts';
import { AppError } from '../main/contract/errors.ts';

declare global {
  interface Window {
    /** Put there by the desktop application's preload script. */
    chronaxie?: DesktopBridge;
  }
}

/** How much of a file travels in one message: small enough that progress events are not held up behind it. */
const pieceBytes = 1024 * 1024;

/** What is made of a frame as large as this takes a task of its own, after that of its decoding. */
const largeBytes = 256 * 1024;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: AppError): void;
}

/** The served interface's transport: one WebSocket, questions matched to answers by number. */
export class SocketTransport implements Transport {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>();
  #next = 1;

  private constructor(socket: WebSocket, onLost: (error: AppError) => void) {
    this.#socket = socket;
    socket.addEventListener('message', (message: MessageEvent<ArrayBuffer>) => {
      const frame = decodeFrame(new Uint8Array(message.data)) as ServerFrame;
      if (message.data.byteLength < largeBytes) this.#receive(frame);
      else setTimeout(() => this.#receive(frame));
    });
    const closed = () => {
      const lost = connectionLost();
      for (const waiting of this.#waiting.values()) waiting.reject(lost);
      this.#waiting.clear();
      onLost(lost);
    };
    socket.addEventListener('close', closed, { once: true });
  }

  static connect(url: string, onLost: (error: AppError) => void): Promise<SocketTransport> {
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    return new Promise((resolve, reject) => {
      socket.addEventListener('open', () => resolve(new SocketTransport(socket, onLost)), { once: true });
      socket.addEventListener('error', () => reject(notConnected()), { once: true });
    });
  }

  invoke<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    if (this.#socket.readyState !== WebSocket.OPEN) return Promise.reject(connectionLost());
    const id = this.#next++;
    const frame: CallFrame = input === undefined ? { id, call: name } : { id, call: name, input };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (value) => resolve(value as CallOutput<N>), reject });
      this.#socket.send(encodeFrame(frame));
    });
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** A browser does not tell where a file lies: its contents travel in pieces, the last answer says where they are. */
  async pathOf(file: File): Promise<string> {
    const upload = crypto.randomUUID();
    for (let offset = 0; ; offset += pieceBytes) {
      const last = offset + pieceBytes >= file.size;
      const bytes = new Uint8Array(await file.slice(offset, offset + pieceBytes).arrayBuffer());
      const { path } = await this.invoke('file.upload', { upload, name: file.name, offset, bytes, last });
      if (path !== null) return path;
      if (last) throw AppError.from(new Error(`the upload of ${file.name} ended without a path`));
    }
  }

  #receive(frame: ServerFrame): void {
    if ('event' in frame) {
      for (const listener of this.#listeners.get(frame.event) ?? []) listener(frame.payload as never);
      return;
    }
    const waiting = this.#waiting.get(frame.id);
    this.#waiting.delete(frame.id);
    if (frame.ok) waiting?.resolve(frame.value);
    else waiting?.reject(AppError.fromWire(frame.error));
  }
}

/** The desktop application's own bridge where it is there, else the socket of the page's own server. */
export async function connect(onLost: (error: AppError) => void): Promise<Transport> {
  if (window.chronaxie !== undefined) return transportOf(window.chronaxie);
  const token = new URLSearchParams(location.search).get('token') ?? '';
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return SocketTransport.connect(
    `${scheme}://${location.host}/socket?token=${encodeURIComponent(token)}`,
    onLost,
  );
}

function connectionLost(): AppError {
  return new AppError('internal', 'The connection to Chronaxie was lost.', {
    remedy: 'Start «chronaxie serve» again and open the address that it prints; finished rounds are kept.',
  });
}

function notConnected(): AppError {
  return new AppError('internal', 'This page cannot reach Chronaxie.', {
    remedy: 'Open the complete address that «chronaxie serve» printed, with its token.',
  });
}
