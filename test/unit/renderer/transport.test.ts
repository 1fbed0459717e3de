import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws';
import { type CallFrame, decodeFrame, encodeFrame, type ServerFrame } from '../../../main/contract/codec.ts';
import type { AppError } from '../../../main/contract/errors.ts';
import { SocketTransport } from '../../../renderer/transport.ts';

type Answer = (frame: CallFrame, socket: ServerSocket) => void;

let server: WebSocketServer;
let url: string;
let answer: Answer;

const send = (socket: ServerSocket, frame: ServerFrame) => socket.send(encodeFrame(frame));

beforeEach(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/socket`;
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => answer(decodeFrame(data) as CallFrame, socket));
  });
});
afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

const connected = (lost: AppError[] = []) => SocketTransport.connect(url, (error) => lost.push(error));

describe('the served transport', () => {
  it('matches answers to questions by their number, in whatever order they come', async () => {
    const held: (() => void)[] = [];
    answer = (frame, socket) => {
      held.push(() => send(socket, { id: frame.id, ok: true, value: { path: frame.call } }));
      if (held.length === 2) held.toReversed().forEach((reply) => reply());
    };
    const transport = await connected();
    const both = Promise.all([
      transport.invoke('recording.example', undefined),
      transport.invoke('history.list', undefined),
    ]);
    expect(await both).toEqual([{ path: 'recording.example' }, { path: 'history.list' }]);
  });

  it('makes a coded error of a refusal, with its remedy', async () => {
    const error = {
      code: 'not-found',
      message: 'No run X.',
      remedy: 'Choose another.',
      details: {},
    } as const;
    answer = (frame, socket) => send(socket, { id: frame.id, ok: false, error });
    const transport = await connected();
    await expect(transport.invoke('history.show', { id: 'X' })).rejects.toMatchObject({
      ...error,
      name: 'AppError',
    });
  });

  it('tells every listener of an event, until it stops listening', async () => {
    answer = (frame, socket) => {
      send(socket, { event: 'run.changed', payload: { id: 'r' } });
      send(socket, { id: frame.id, ok: true, value: [] });
    };
    const transport = await connected();
    const heard: string[] = [];
    const stop = transport.on('run.changed', ({ id }) => heard.push(id));
    await transport.invoke('history.list', undefined);
    stop();
    await transport.invoke('history.list', undefined);
    expect(heard).toEqual(['r']);
  });

  it('sends a file in pieces that join without a gap, the last marked as such', async () => {
    const pieces: { offset: number; length: number; last: boolean; name: string }[] = [];
    answer = (frame, socket) => {
      const piece = frame.input as { offset: number; bytes: Uint8Array; last: boolean; name: string };
      pieces.push({ offset: piece.offset, length: piece.bytes.length, last: piece.last, name: piece.name });
      send(socket, { id: frame.id, ok: true, value: { path: piece.last ? '/uploads/a.nwb' : null } });
    };
    const transport = await connected();
    const size = 1024 * 1024 + 5;
    expect(await transport.pathOf(new File([new Uint8Array(size)], 'a.nwb'))).toBe('/uploads/a.nwb');
    expect(pieces).toEqual([
      { offset: 0, length: size - 5, last: false, name: 'a.nwb' },
      { offset: size - 5, length: 5, last: true, name: 'a.nwb' },
    ]);
  });

  it('fails what is waiting when the connection is lost, and says what to do', async () => {
    answer = (_, socket) => socket.terminate();
    const lost: AppError[] = [];
    const transport = await connected(lost);
    await expect(transport.invoke('history.list', undefined)).rejects.toThrow(
      'The connection to Chronaxie was lost.',
    );
    await expect(transport.invoke('history.list', undefined)).rejects.toThrow(
      'The connection to Chronaxie was lost.',
    );
    expect(lost.map((error) => error.remedy)).toEqual([expect.stringContaining('chronaxie serve')]);
  });

  it('says that the address may lack its token where nothing answers', async () => {
    server.close();
    await expect(SocketTransport.connect('ws://127.0.0.1:1/socket', () => undefined)).rejects.toMatchObject({
      remedy: expect.stringContaining('token') as string,
    });
  });
});
