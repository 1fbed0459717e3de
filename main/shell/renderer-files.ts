import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

/**
 * The built interface, as files with the headers that lock it in; the same for the desktop's app:// protocol and for the
 * loopback server.
 */
const mimeTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/**
 * Scripts only from our own files (WebAssembly allowed), never inline; connections only to our own server. Style
 * attributes are allowed because plots place their labels with them; style elements are not.
 * @param socket the WebSocket's origin where there is one
 */
export function contentSecurityPolicy(socket?: string): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "worker-src 'self'",
    `connect-src 'self'${socket === undefined ? '' : ` ${socket}`}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** With cross-origin isolation (COOP + COEP) no other page shares our process or reads our memory. */
export function securityHeaders(socket?: string): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(socket),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-cache',
  };
}

/**
 * A file of the interface by the path of its URL; "/" is index.html.
 * @returns null where there is none, or the path tries to leave the folder
 */
export async function rendererFile(
  folder: string,
  urlPath: string,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; mime: string } | null> {
  let wanted: string;
  try {
    wanted = decodeURIComponent(urlPath === '/' ? '/index.html' : urlPath);
  } catch {
    return null; // a broken percent escape names no file
  }
  const root = normalize(folder.endsWith(sep) ? folder : folder + sep);
  const path = normalize(join(root, wanted));
  const mime = mimeTypes[extname(path).toLowerCase()];
  if (!path.startsWith(root) || wanted.includes('\0') || mime === undefined) return null;
  try {
    return { bytes: new Uint8Array(await readFile(path)), mime };
  } catch {
    return null; // not there, or a folder
  }
}
