import type { Handlers } from '../contract/api.ts';
import { appVersion } from './app-root.ts';
import { AppError } from '../contract/errors.ts';
import type { ExportFormat } from '../contract/run.ts';
import { exportFiles, folderArchive, isFolderFormat, recordingWithRun } from '../export/export-files.ts';
import type { ExportedFile } from '../export/files.ts';
import { methods, type Methods, methodsModel } from '../export/methods.ts';
import { refusals } from '../export/refusals.ts';
import type { History } from '../history/history.ts';

export function exportService(
  history: History,
): Pick<Handlers, 'export.refusals' | 'export.render' | 'export.methods'> {
  return {
    'export.refusals': async ({ id }) => {
      history.detail(id);
      const prepared = history.prepared(id);
      return prepared === null ? { formats: {}, intoCopy: null } : refusals(prepared);
    },
    'export.render': async ({ id, format, intoCopy }) => ({
      files:
        intoCopy && format === 'nwb'
          ? [await recordingWithRun(history, id, { version: appVersion() })]
          : await renderExport(history, id, format),
    }),
    'export.methods': async ({ id }) => await methodsOf(history, id),
  };
}

async function renderExport(history: History, id: string, format: ExportFormat): Promise<ExportedFile[]> {
  history.detail(id); // an unknown run is refused before anything is rendered
  const files = await exportFiles(history, id, format, {
    version: appVersion(),
    calibration: history.calibration(id),
  });
  return isFolderFormat(format) ? [folderArchive(id, format, files), ...files] : files;
}

async function methodsOf(history: History, id: string): Promise<Methods> {
  const { name, config } = history.detail(id);
  const prepared = history.prepared(id);
  const result = history.result(id);
  if (prepared === null || result === null) {
    throw new AppError('not-found', `“${name}” has no result to describe yet.`, {
      remedy: 'Its methods can be written once its last round is finished.',
    });
  }
  const kept = history.replay(id)?.task.model;
  return methods(prepared, result, kept ?? (await methodsModel(config, prepared.model)));
}
