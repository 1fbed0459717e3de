import type { Handlers } from '../contract/api.ts';
import { appVersion } from './app-root.ts';
import { AppError } from '../contract/errors.ts';
import { availableExportFormats, type ExportFormat } from '../contract/run.ts';
import { exportFiles, folderArchive, isFolderFormat, recordingWithRun } from '../export/export-files.ts';
import type { ExportedFile } from '../export/files.ts';
import { methods, type Methods } from '../export/methods.ts';
import { refusals } from '../export/refusals.ts';
import type { History } from '../history/history.ts';
import { loadModel } from '../model/neuron-model.ts';

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

/** @throws AppError not-yet, before anything else is looked at */
export function requireFormat(format: ExportFormat): void {
  if (availableExportFormats.includes(format)) return;
  throw new AppError('not-yet', `Exporting ${format} is not in this version yet.`, {
    remedy: `Use ${availableExportFormats.join(' or ')}.`,
  });
}

async function renderExport(history: History, id: string, format: ExportFormat): Promise<ExportedFile[]> {
  requireFormat(format);
  history.detail(id); // an unknown run is refused before anything is rendered
  const files = await exportFiles(history, id, format, { version: appVersion() });
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
  if (config.source !== null && 'simulator' in config.source) {
    return methods(prepared, result, { title: prepared.model, citations: [] });
  }
  // A model file of one's own may be gone by now; then its name has to do.
  const model = await loadModel(config.model).catch(() => null);
  return methods(prepared, result, model?.file ?? { title: config.model, citations: [] });
}
