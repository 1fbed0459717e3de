import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { AppError } from '../contract/errors.ts';
import { hostAllowed, newToken, originAllowed, requestUrl, tokenMatches } from './loopback-guard.ts';
import { rendererFile, securityHeaders } from './renderer-files.ts';
import { attachSocket } from './serve-socket.ts';
import type { Services } from './services.ts';

export interface ServeOptions {
  services: Pick<Services, 'handlers' | 'events'>;
  /** The built interface. */
  folder: string;
  /** 0 = any that is free. */
  port: number;
}

export interface Served {
  /** With the token: whoever has it may use the interface. */
  url: string;
  close(): Promise<void>;
}

/** A page sends files in pieces; no message needs to be larger. */
const largestMessageBytes = 64 * 2 ** 20;

/**
 * The interface on the loopback address, never another: http://127.0.0.1:PORT/?token=… for the page, the same with
 * ws: and /socket for its calls (contract/codec.ts says how frames look).
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const token = newToken();
  const server = createServer((request, response) => {
    void answer(options, token, request, response);
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessageBytes });
  server.on('upgrade', (request, stream: Duplex, head) => {
    const url = requestUrl(request);
    if (
      url?.pathname !== '/socket' ||
      !originAllowed(request) ||
      !tokenMatches(token, url.searchParams.get('token'))
    ) {
      stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      attachSocket(socket, options.services.handlers, options.services.events);
    });
  });
  const port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}/?token=${token}`,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  { folder }: ServeOptions,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const host = request.headers.host ?? '';
  const refuse = (status: number, text: string) => {
    response.writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(`${text}\n`);
  };
  const url = requestUrl(request);
  if (!hostAllowed(request) || url === null) {
    refuse(403, 'Chronaxie answers on the loopback address only.');
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(405, 'Only GET.');
    return;
  }
  const isPage = url.pathname === '/' || url.pathname.endsWith('.html');
  // Scripts and styles hold nothing secret and are asked for without the token; the page and the socket need it.
  if (isPage && !tokenMatches(token, url.searchParams.get('token'))) {
    refuse(403, 'The address lacks the token. Use the complete address that “chronaxie serve” printed.');
    return;
  }
  const file = await rendererFile(folder, url.pathname);
  if (file === null) {
    refuse(404, 'There is no such file.');
    return;
  }
  response.writeHead(200, {
    ...securityHeaders(`ws://${host}`),
    'Content-Type': file.mime,
    'Content-Length': file.bytes.length,
  });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      reject(
        new AppError(
          'usage',
          taken ? `Port ${port} is in use.` : `Port ${port} cannot be opened: ${cause.message}.`,
          {
            remedy: 'Choose another with --port, or leave it out to get a free one.',
            cause,
          },
        ),
      );
    });
    server.listen(port, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}
