import './native-environment.ts';
import { writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  protocol,
  screen,
  session,
  type IpcMainInvokeEvent,
  type MenuItemConstructorOptions,
} from 'electron';
import { AppError } from '../contract/errors.ts';
import { callChannel, callNames, eventChannel } from '../contract/names.ts';
import { rendererFolder } from './app-root.ts';
import { dispatch } from './dispatch.ts';
import { logFault } from './log.ts';
import { filesAmong } from './opened-files.ts';
import { pageSizeOf, reportPdf } from './report-pdf.ts';
import { rendererFile, securityHeaders } from './renderer-files.ts';
import { createServices, type Dialogs, type Services } from './services.ts';
import { firstSize, readWindowState, writeWindowState } from './window-state.ts';

const scheme = 'app';
const home = `${scheme}://chronaxie/`;
const preload = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url));

let window: BrowserWindow | null = null;
let services: Services | null = null;
/** Files to open that came before the page was listening. */
let waitingFiles: string[] = filesAmong(process.argv.slice(1), process.cwd());
let pageListens = false;

protocol.registerSchemesAsPrivileged([
  { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

if (app.requestSingleInstanceLock({ files: waitingFiles })) {
  app.on('second-instance', (_event, _args, _cwd, data) => {
    const { files } = data as { files?: unknown };
    if (window?.isMinimized()) window.restore();
    window?.focus();
    if (Array.isArray(files)) openFiles(files.filter((file) => typeof file === 'string'));
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openFiles([path]);
  });
  app.on('web-contents-created', (_event, contents) => {
    lockIn(contents);
  });
  app.on('window-all-closed', () => {
    app.quit();
  });
  app.on('will-quit', closeBeforeQuit);
  void app.whenReady().then(start, fail);
} else {
  app.quit(); // the first instance has been told what to open
}

function start(): void {
  try {
    services = createServices({ transport: 'desktop', dialogs });
    services.expectWindow();
    services.events.listen((message) => window?.webContents.send(eventChannel, message));
    protocol.handle(scheme, serveApp);
    closeNetwork();
    for (const name of callNames) {
      ipcMain.handle(callChannel(name), (event, input: unknown) => answer(event, name, input));
    }
    Menu.setApplicationMenu(Menu.buildFromTemplate(menu()));
    window = openWindow();
  } catch (thrown) {
    fail(thrown);
  }
}

function fail(thrown: unknown): void {
  const error = logFault(thrown, 'the start');
  dialog.showErrorBox('Chronaxie cannot start', `${error.message}\n\n${error.remedy}`);
  app.exit(1);
}

function openWindow(): BrowserWindow {
  const file = join(app.getPath('userData'), 'window.json');
  const state = readWindowState(
    file,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const opened = new BrowserWindow({
    ...(state ?? firstSize),
    minWidth: 900,
    minHeight: 600,
    title: 'Chronaxie',
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false, // its dictionaries would be downloaded
    },
  });
  if (state?.maximised) opened.maximize();
  opened.once('ready-to-show', () => {
    opened.show();
  });
  opened.on('close', () => {
    writeWindowState(file, { ...opened.getNormalBounds(), maximised: opened.isMaximized() });
  });
  opened.on('closed', () => {
    window = null;
  });
  void opened.loadURL(`${home}index.html`).catch(fail);
  return opened;
}

/** Every page, whatever opens it: it stays where it is, opens nothing, and embeds nothing. */
function lockIn(contents: Electron.WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => {
    event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
}

/** No page asks for anything but our own files, and gets no permission but to copy a figure. */
function closeNetwork(): void {
  const copying = 'clipboard-sanitized-write';
  session.defaultSession.setPermissionRequestHandler((_contents, permission, decide) => {
    decide(permission === copying);
  });
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => permission === copying);
  session.defaultSession.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !/^(app|blob|data|devtools):/.test(details.url) });
  });
}

async function serveApp(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const file = url.host === 'chronaxie' ? await rendererFile(rendererFolder, url.pathname) : null;
  if (file === null) return new Response('There is no such file.', { status: 404 });
  return new Response(file.bytes, { headers: { ...securityHeaders(), 'Content-Type': file.mime } });
}

/** Only our own page, in the window's own frame, is answered. */
async function answer(
  event: IpcMainInvokeEvent,
  name: (typeof callNames)[number],
  input: unknown,
): Promise<unknown> {
  const frame = event.senderFrame;
  const ours = frame !== null && frame === window?.webContents.mainFrame && frame.url.startsWith(home);
  if (!ours || services === null) {
    const error = new AppError('usage', 'This page may not call Chronaxie.', {
      remedy: 'Use its own window.',
    });
    return { ok: false, error: error.toWire() };
  }
  const reply = await dispatch(services.handlers, name, input);
  if (name === 'app.info') pageIsListening();
  return reply;
}

/** The page's first question comes after it began to listen. */
function pageIsListening(): void {
  pageListens = true;
  openFiles(waitingFiles.splice(0));
}

function openFiles(paths: string[]): void {
  if (paths.length === 0) return;
  for (const path of paths) app.addRecentDocument(path); // the Dock's and the taskbar's own list
  if (pageListens) services?.events.emit({ event: 'file.opened', payload: { paths } });
  else waitingFiles = [...waitingFiles, ...paths];
}

const dialogs: Dialogs = {
  'file.choose': async () => {
    if (window === null) return null;
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: 'Open recording',
      properties: ['openFile', 'multiSelections'],
      filters: [
        {
          name: 'Recordings (NWB, ABF, HDF5, text)',
          extensions: ['nwb', 'abf', 'h5', 'hdf5', 'mat', 'csv', 'tsv', 'txt', 'atf'],
        },
        { name: 'Model files', extensions: ['json', 'nml'] },
        { name: 'Simulator modules and observations', extensions: ['mjs', 'csv'] },
        { name: 'All files', extensions: ['*'] },
      ],
    });
    return canceled ? null : { paths: filePaths };
  },
  'file.save': ({ name, bytes }) => save(name, async () => bytes),
  'file.savePdf': ({ name, html }) =>
    save(name, () => reportPdf(html, pageSizeOf(app.getLocaleCountryCode()))),
};

/** Asks for the place first, so that nothing is made in vain. */
async function save(name: string, bytes: () => Promise<Uint8Array>): Promise<{ path: string } | null> {
  if (window === null) return null;
  const extension = extname(name).slice(1);
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: basename(name),
    filters: extension === '' ? [] : [{ name: extension.toUpperCase(), extensions: [extension] }],
  });
  if (canceled || filePath === '') return null;
  await writeFile(filePath, await bytes());
  return { path: filePath };
}

function menu(): MenuItemConstructorOptions[] {
  const open = () => {
    void dialogs['file.choose'](undefined).then((files) => {
      openFiles(files?.paths ?? []);
    });
  };
  const mac = process.platform === 'darwin';
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Open recording…', accelerator: 'CmdOrCtrl+O', click: open },
        ...(mac ? [recentDocuments] : []),
        { type: 'separator' },
        { role: mac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'Keys', click: () => chosen('keys') },
        { label: 'About Chronaxie, and how to cite it', click: () => chosen('about') },
      ],
    },
  ];
}

/** macOS keeps the list itself and opens its files through «open-file». */
const recentDocuments: MenuItemConstructorOptions = {
  role: 'recentDocuments',
  submenu: [{ role: 'clearRecentDocuments' }],
};

/** What the page itself shows. */
function chosen(command: 'keys' | 'about'): void {
  services?.events.emit({ event: 'menu.chosen', payload: { command } });
}

/** A running fit is stopped between two simulations and its finished rounds are in the history before we go. */
function closeBeforeQuit(event: Electron.Event): void {
  if (services === null) return;
  event.preventDefault();
  const closing = services;
  services = null;
  void closing.close().then(
    () => {
      app.quit();
    },
    (thrown: unknown) => {
      logFault(thrown, 'the end');
      app.exit(1);
    },
  );
}
