import { availableParallelism } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import type { CallOutput, Handlers } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import { historyFile } from '../history/data-folder.ts';
import { History } from '../history/history.ts';
import { findAddon } from '../train/kernel-addon.ts';
import { appVersion, exampleRecording } from './app-root.ts';
import { CalibrationService } from './calibration-service.ts';
import { EventBus } from './event-bus.ts';
import { FileUploads } from './file-upload.ts';
import { FitService } from './fit-service.ts';
import { FitThread } from './fit-thread.ts';
import { historyService } from './history-service.ts';
import { keptFaults, logSentence } from './log.ts';
import { SessionFile } from './session-file.ts';
import { simulatorService } from './simulator-service.ts';
import { ViewThread } from './view-thread.ts';

/** The system's own dialogs, where a door has them. */
export type Dialogs = Pick<Handlers, 'file.choose' | 'file.save' | 'file.savePdf'>;

export interface ServiceOptions {
  transport: CallOutput<'app.info'>['transport'];
  /** --history */
  history?: string | undefined;
  dialogs?: Dialogs;
}

export interface Services {
  handlers: Handlers;
  events: EventBus;
  history: History;
  fits: FitService;
  calibrations: CalibrationService;
  /** A window is about to open: what it asks first is made ready. */
  expectWindow(): void;
  /** Stops what runs and closes every file; finished rounds are in the history. */
  close(): Promise<void>;
}

/** The one implementation of the contract, behind all three doors. */
export function createServices(options: ServiceOptions): Services {
  const version = appVersion();
  const native = findAddon();
  if (native.addon === null && native.built) logSentence(native.reason);
  const file = historyFile(options.history);
  const history = History.open(file);
  const events = new EventBus();
  const computing = new FitThread(file);
  const recordings = new ViewThread('recordings', file);
  const posteriors = new ViewThread('posteriors', file);
  const uploads = new FileUploads(join(dirname(file), 'uploads'));
  const fits = new FitService({ history, events, version, run: (run) => computing.run(run) });
  const calibrations = new CalibrationService({
    ...{ history, events, fits },
    calibrate: (id, calibration) => computing.calibrate(id, calibration),
  });
  const handlers: Handlers = {
    'app.info': async () => ({
      version,
      transport: options.transport,
      historyFile: file,
      cores: availableParallelism(),
      exampleAvailable: exampleRecording() !== null,
      runsOn: runsOn(),
    }),
    'app.log': async () => [...keptFaults()],
    'file.upload': async (piece) => ({ path: await uploads.accept(piece) }),
    ...(options.dialogs ?? noDialogs),
    ...new SessionFile(sessionFile(file)).handlers(),
    ...recordings.handlers,
    ...posteriors.handlers,
    ...simulatorService(uploads.folder),
    ...fits.handlers(),
    ...historyService(history, fits, calibrations, events),
    ...calibrations.handlers(),
  };
  const close = async () => {
    await Promise.all([fits.close(), calibrations.close()]);
    await Promise.all([computing, recordings, posteriors, uploads].map((part) => part.close()));
    history.close();
  };
  const expectWindow = () => {
    recordings.start();
  };
  return { handlers, events, history, fits, calibrations, expectWindow, close };
}

const refuseDialog = () =>
  Promise.reject(
    new AppError('usage', 'The system’s file dialogs belong to the desktop application.', {
      remedy: 'In the browser, choose or drop a file on the page; files are saved as downloads.',
    }),
  );
const noDialogs: Dialogs = {
  'file.choose': refuseDialog,
  'file.save': refuseDialog,
  'file.savePdf': refuseDialog,
};

/** Beside the history, named after it. */
function sessionFile(history: string): string {
  return join(dirname(history), `${basename(history, extname(history))}-session.json`);
}

function runsOn(): Record<string, string> {
  const { node, electron, chrome } = process.versions as Partial<Record<string, string>>;
  return {
    ...(electron === undefined ? {} : { Electron: electron }),
    ...(chrome === undefined ? {} : { Chromium: chrome }),
    Node: node ?? '',
    System: `${process.platform} ${process.arch}`,
  };
}
