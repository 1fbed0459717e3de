import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Handlers } from '../../../main/contract/api.ts';
import { decodeFrame, encodeFrame } from '../../../main/contract/codec.ts';
import { EventBus } from '../../../main/shell/event-bus.ts';
import { serve, type Served } from '../../../main/shell/serve.ts';

let folder: string;
let served: Served;
let url: URL;
let events: EventBus;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chronaxie-serve-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Chronaxie</title>');
  writeFileSync(join(folder, 'app.js'), 'void 0;');
  events = new EventBus();
  const trace = { sweep: 1, timeMs: new Float32Array([0, 1]) };
  const handlers = {
    'recording.traces': () => Promise.resolve([trace]),
    'file.upload': (input: { bytes: Uint8Array }) => Promise.resolve({ path: `${input.bytes.length}` }),
  } as unknown as Handlers; // the calls that are made here
  served = await serve({ services: { handlers, events }, folder, port: 0 });
  url = new URL(served.url);
});
afterEach(async () => {
  await served.close();
  rmSync(folder, { recursive: true });
});

function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: url.port, path, method, headers }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => {
          resolve({ status: response.statusCode!, headers: response.headers, body });
        });
      });
      sent.on('error', reject);
      sent.end();
    },
  );
}

function connect(options: { token?: string; origin?: string; host?: string; path?: string } = {}): WebSocket {
  const token = options.token ?? url.searchParams.get('token')!;
  return new WebSocket(`ws://127.0.0.1:${url.port}${options.path ?? '/socket'}?token=${token}`, {
    origin: options.origin ?? url.origin,
    headers: options.host === undefined ? {} : { Host: options.host },
  });
}

/** 'open', or the status with which the server refused. */
function outcome(socket: WebSocket): Promise<'open' | number> {
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      resolve('open');
      socket.close();
    });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode!);
    });
    socket.on('error', reject);
  });
}

async function ask(socket: WebSocket, frame: Parameters<typeof encodeFrame>[0]): Promise<unknown> {
  socket.send(encodeFrame(frame));
  return new Promise((resolve) => socket.once('message', (data: Buffer) => resolve(decodeFrame(data))));
}

const opened = (socket: WebSocket) => new Promise((resolve) => socket.once('open', resolve));

describe('the page', () => {
  it('is given to who has the token, with the headers that lock it in', async () => {
    const { status, headers, body } = await get(url.pathname + url.search);
    expect(status).toBe(200);
    expect(body).toContain('Chronaxie');
    expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${url.port};`);
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it('is refused without the token, and with one that is wrong by a digit', async () => {
    const token = url.searchParams.get('token')!;
    const wrong = token.slice(0, -1) + (token.endsWith('0') ? '1' : '0');
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    for (const path of ['/', '/?token=', `/?token=${wrong}`, '/index.html'])
      expect((await get(path)).status).toBe(403);
  });

  it('is refused to a name that was rebound to the loopback address', async () => {
    expect((await get(url.pathname + url.search, { Host: `evil.example:${url.port}` })).status).toBe(403);
    expect((await get('/app.js', { Host: `127.0.0.1.evil.example` })).status).toBe(403);
  });

  it('is given through an SSH tunnel on another port', async () => {
    expect((await get(url.pathname + url.search, { Host: 'localhost:9000' })).status).toBe(200);
  });

  it('has no other methods and no other files', async () => {
    expect((await get('/app.js', {}, 'POST')).status).toBe(405);
    expect((await get('/app.js')).status).toBe(200);
    expect((await get('/../package.json')).status).toBe(404);
  });
});

describe('the socket', () => {
  it('opens to our own page with the token', async () => {
    expect(await outcome(connect())).toBe('open');
  });

  it.each([
    ['without the token', { token: '' }],
    ['with a wrong token', { token: '0'.repeat(64) }],
    ['from a foreign page', { origin: 'https://evil.example' }],
    ['from another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['under a rebound name', { origin: 'http://evil.example', host: 'evil.example' }],
    ['on another path', { path: '/' }],
  ])('is refused %s', async (_what, options) => {
    expect(await outcome(connect(options))).toBe(403);
  });

  it('answers calls and keeps typed arrays', async () => {
    const socket = connect();
    await opened(socket);
    const input = { path: 'a', sweeps: [1], startMs: 0, endMs: 1, columns: 16 };
    expect(await ask(socket, { id: 3, call: 'recording.traces', input })).toEqual({
      id: 3,
      ok: true,
      value: [{ sweep: 1, timeMs: new Float32Array([0, 1]) }],
    });
    const bytes = new Uint8Array(3_000_000);
    const piece = { upload: 'u', name: 'n', offset: 0, bytes, last: true };
    expect(await ask(socket, { id: 4, call: 'file.upload', input: piece })).toMatchObject({
      value: { path: '3000000' },
    });
    expect(await ask(socket, { id: 5, call: 'recording.traces', input: {} })).toMatchObject({
      id: 5,
      ok: false,
      error: { code: 'usage' },
    });
    socket.close();
  });

  it('sends events to every page, and to none that has left', async () => {
    const [first, second] = [connect(), connect()];
    await Promise.all([opened(first), opened(second)]);
    const both = [first, second].map((socket) => new Promise((resolve) => socket.once('message', resolve)));
    events.emit({ event: 'run.changed', payload: { id: 'r1' } });
    for (const data of await Promise.all(both)) {
      expect(decodeFrame(data as Buffer)).toEqual({ event: 'run.changed', payload: { id: 'r1' } });
    }
    first.close();
    await new Promise((resolve) => first.once('close', resolve));
    events.emit({ event: 'run.changed', payload: { id: 'r2' } });
    second.close();
  });

  it('is closed on a message that is not a call', async () => {
    for (const message of ['text', new Uint8Array([0xc1]), encodeFrame({ id: -1, call: 'app.info' })]) {
      const socket = connect();
      await opened(socket);
      socket.send(message);
      expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(1007);
    }
  });
});

it('says that a port is taken', async () => {
  const again = serve({ services: { handlers: {} as Handlers, events }, folder, port: Number(url.port) });
  await expect(again).rejects.toMatchObject({ code: 'usage', message: `Port ${url.port} is in use.` });
});
