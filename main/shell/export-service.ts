import type { Handlers } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import { availableExportFormats, type ExportFormat } from '../contract/run.ts';
import { exportFiles } from '../export/export-files.ts';
import type { History } from '../history/history.ts';

export function exportService(history: History): Pick<Handlers, 'export.render'> {
  return { 'export.render': async ({ id, format }) => ({ files: renderExport(history, id, format) }) };
}

/** @throws AppError not-yet, before anything else is looked at */
export function requireFormat(format: ExportFormat): void {
  if (availableExportFormats.includes(format)) return;
  throw new AppError('not-yet', `Exporting ${format} is not in this version yet.`, {
    remedy: `Use ${availableExportFormats.join(' or ')}.`,
  });
}

function renderExport(history: History, id: string, format: ExportFormat): ReturnType<typeof exportFiles> {
  requireFormat(format);
  history.detail(id); // an unknown run is refused before anything is rendered
  return exportFiles(history, id, format);
}
