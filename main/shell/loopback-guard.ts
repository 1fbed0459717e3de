import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * Who may talk to the served interface. Three walls, each enough against a different visitor: the token in the URL
 * (other users of the machine), the Host header (a web page whose name was rebound to 127.0.0.1), the Origin header (a web
 * page that opens a socket to us). Any port is accepted in Host, because an SSH tunnel may end on another port.
 */
const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;

/** 256 random bits as 64 hexadecimal digits. */
export function newToken(): string {
  return randomBytes(32).toString('hex');
}

/** Compared in constant time, so that the answer's delay says nothing about how much of a guess was right. */
export function tokenMatches(token: string, given: string | null): boolean {
  const expected = Buffer.from(token);
  const received = Buffer.from(given ?? '');
  return received.length === expected.length && timingSafeEqual(received, expected);
}

export function hostAllowed(request: IncomingMessage): boolean {
  return loopbackHost.test(request.headers.host ?? '');
}

/** A page of ours: its origin is the very host that it asks. A browser always sends Origin with a WebSocket. */
export function originAllowed(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  return hostAllowed(request) && origin === `http://${host}`;
}

/** The request's URL; the host part is only there to make it parse. null = nothing that a browser would send. */
export function requestUrl(request: IncomingMessage): URL | null {
  return URL.parse(request.url ?? '/', 'http://127.0.0.1');
}
