import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

/**
 * A stand-in for the electron module whose BrowserWindow is a page of Chromium. It runs the handlers that the
 * application registers (protocol, IPC, navigation, window opening, requests) and obeys their answers; what it does not
 * have is Electron's own enforcement: process sandbox, context isolation, dialogs. It reports what a test asserts on
 * stdout, one JSON document a line.
 *
 * Chromium does not let a page live under app://, so app://chronaxie/ is http://chronaxie.localhost/ inside.
 */
const inside = 'http://chronaxie.localhost/';
const outside = 'app://chronaxie/';
const toOutside = (url) => (url.startsWith(inside) ? outside + url.slice(inside.length) : url);
const toInside = (url) => (url.startsWith(outside) ? inside + url.slice(outside.length) : url);
const report = (entry) => process.stdout.write(`${JSON.stringify(entry)}\n`);

const pack = (value) => {
  if (ArrayBuffer.isView(value)) {
    const base64 = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
    return { $view: value.constructor.name === 'Buffer' ? 'Uint8Array' : value.constructor.name, base64 };
  }
  if (Array.isArray(value)) return value.map(pack);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, pack(inner)]));
};
const unpack = (value) => {
  if (Array.isArray(value)) return value.map(unpack);
  if (value === null || typeof value !== 'object') return value;
  if (value.$view) {
    const bytes = new Uint8Array(Buffer.from(value.base64, 'base64'));
    return new globalThis[value.$view](bytes.buffer);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unpack(inner)]));
};

class App extends EventEmitter {
  isPackaged = false;
  requestSingleInstanceLock = () => true;
  whenReady = () => Promise.resolve();
  getLocaleCountryCode = () => 'DE';
  addRecentDocument = (path) => report({ recentDocument: path });
  getPath = (name) => join(process.env.CHRONAXIE_DOUBLE_FOLDER, name);
  quit() {
    let prevented = false;
    this.emit('will-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) this.exit(0);
  }
  exit(code) {
    report({ exit: code });
    process.exit(code);
  }
}
export const app = new App();

const handlers = new Map();
export const ipcMain = { handle: (channel, handler) => handlers.set(channel, handler) };

const schemes = new Map();
export const protocol = {
  registerSchemesAsPrivileged: (list) => report({ schemes: list }),
  handle: (scheme, handler) => schemes.set(scheme, handler),
};

let beforeRequest = null;
/** What each partition's session lets through. */
const partitions = new Map();
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler) => {
      const asked = ['media', 'geolocation', 'notifications', 'openExternal', 'clipboard-sanitized-write'];
      const granted = [];
      for (const name of asked) handler(null, name, (yes) => yes && granted.push(name));
      report({ permissionsGranted: granted });
    },
    setPermissionCheckHandler: () => undefined,
    webRequest: { onBeforeRequest: (handler) => (beforeRequest = handler) },
  },
  fromPartition: (name) => ({
    webRequest: { onBeforeRequest: (handler) => partitions.set(name, handler) },
  }),
};

export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };
/** A test chooses a menu's item by writing its label to stdin. */
const clicks = new Map();
const learn = (items) => {
  for (const item of items) {
    if (item.click) clicks.set(item.label, item.click);
    if (Array.isArray(item.submenu)) learn(item.submenu);
  }
};
process.stdin.on('data', (label) => clicks.get(String(label).trim())?.());
process.stdin.unref?.();
export const Menu = {
  buildFromTemplate: (items) => items,
  setApplicationMenu: (items) => {
    learn(items);
    report({ menus: items.map((item) => item.label ?? item.role) });
  },
};
export const dialog = {
  showErrorBox: (title, text) => report({ errorBox: { title, text } }),
  showOpenDialog: async () => ({ canceled: true, filePaths: [] }),
  showSaveDialog: async () => {
    const filePath = process.env.CHRONAXIE_DOUBLE_SAVE ?? '';
    return { canceled: filePath === '', filePath };
  },
};

class WebContents extends EventEmitter {
  mainFrame = { url: '' };
  page = null;
  openHandler = () => ({ action: 'allow' });
  setWindowOpenHandler(handler) {
    this.openHandler = handler;
  }
  printToPDF = ({ pageSize, printBackground }) => this.page.pdf({ format: pageSize, printBackground });
  send(channel, message) {
    void this.page
      ?.evaluate(([c, m]) => globalThis.__ipcEmit(c, m), [channel, pack(message)])
      .catch(() => undefined);
  }
}

/** Asks the application's listeners; true = they prevented it. */
function prevented(contents, event, ...args) {
  let stopped = false;
  contents.emit(event, { preventDefault: () => (stopped = true) }, ...args);
  return stopped;
}

export class BrowserWindow extends EventEmitter {
  webContents = new WebContents();
  #hidden = null;
  constructor(options) {
    super();
    report({ window: options });
    this.options = options;
    app.emit('web-contents-created', {}, this.webContents);
  }
  show = () => undefined;
  maximize = () => undefined;
  focus = () => undefined;
  restore = () => undefined;
  isMinimized = () => false;
  isMaximized = () => false;
  getNormalBounds = () => ({ x: 0, y: 0, width: 1280, height: 800 });

  /** A hidden page of its own, under the rules of its partition. */
  async loadFile(path) {
    const { javascript, partition } = this.options.webPreferences;
    this.#hidden = await chromium.launch({
      executablePath: process.env.CHRONAXIE_CHROMIUM ?? '/usr/bin/chromium',
      chromiumSandbox: process.getuid?.() !== 0,
    });
    const page = await this.#hidden.newPage({ javaScriptEnabled: javascript !== false });
    await page.route('**/*', (route) => {
      partitions.get(partition)({ url: route.request().url() }, ({ cancel }) =>
        cancel ? route.abort() : route.continue(),
      );
    });
    this.webContents.page = page;
    await page.goto(pathToFileURL(path).href);
  }
  destroy() {
    void this.#hidden?.close();
  }

  async loadURL(url) {
    const { webContents } = this;
    const browser = await chromium.launch({
      executablePath: process.env.CHRONAXIE_CHROMIUM ?? '/usr/bin/chromium',
      chromiumSandbox: process.getuid?.() !== 0,
      args: [`--remote-debugging-port=${process.env.CHRONAXIE_DOUBLE_PORT}`],
    });
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    webContents.page = page;
    context.on('page', (opened) => {
      const { action } = webContents.openHandler({ url: opened.url() });
      report({ windowOpen: action });
      if (action === 'deny') void opened.close();
    });
    await context.exposeBinding('__ipcInvoke', async ({ frame }, channel, input) => {
      const isMain = frame === page.mainFrame();
      if (isMain) webContents.mainFrame.url = toOutside(frame.url());
      const senderFrame = isMain ? webContents.mainFrame : { url: toOutside(frame.url()) };
      return pack(await handlers.get(channel)({ senderFrame }, unpack(input)));
    });
    await page.route('**/*', (route) => this.#answer(page, route));
    const source = readFileSync(this.options.webPreferences.preload, 'utf8');
    const pageSide = readFileSync(new URL('./page-side.js', import.meta.url), 'utf8');
    await context.addInitScript({
      content: `{ const preloadSource = ${JSON.stringify(source)};\n${pageSide}\n}`,
    });
    page.on('close', () => {
      this.emit('close');
      this.emit('closed');
      void browser.close().finally(() => app.emit('window-all-closed'));
    });
    await page.goto(toInside(url));
    this.emit('ready-to-show');
    report({ ready: true });
  }

  async #answer(page, route) {
    const request = route.request();
    const url = toOutside(request.url());
    const navigates =
      request.isNavigationRequest() && request.frame() === page.mainFrame() && page.url() !== 'about:blank';
    if (navigates && prevented(this.webContents, 'will-navigate', url)) {
      report({ navigationDenied: url });
      return route.fulfill({ status: 204 }); // Chromium then stays where it is, as Electron does
    }
    let cancelled = false;
    beforeRequest?.({ url }, (decision) => (cancelled = decision.cancel === true));
    const handler = schemes.get(new URL(url).protocol.slice(0, -1));
    if (cancelled || !handler) return route.abort();
    const response = await handler(new Request(url));
    return route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }
}
