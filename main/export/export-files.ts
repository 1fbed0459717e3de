import { AppError } from '../contract/errors.ts';
import { availableExportFormats, type ExportFormat } from '../contract/run.ts';
import type { FitStore } from '../inference/fit-store.ts';
import {
  configFile,
  type ExportedFile,
  hallOfFameFiles,
  posteriorSamplesFile,
  predictiveFile,
  summaryFile,
} from './files.ts';

/**
 * A finished run in one format. The first file is the one that a single `--out FILE` means.
 * csv: posterior-samples.csv, predictive.csv, for a search also hall-of-fame.csv. json: summary.json, config.json.
 */
export function exportFiles(store: FitStore, id: string, format: ExportFormat): ExportedFile[] {
  if (!availableExportFormats.includes(format)) {
    throw new AppError('not-yet', `This version does not yet export ${format}.`, {
      remedy: `Choose one of: ${availableExportFormats.join(', ')}.`,
      details: { format },
    });
  }
  const prepared = store.prepared(id);
  const result = store.result(id);
  if (prepared === null || result === null) {
    throw new AppError('not-found', `The run ${id} has no result to export.`, {
      remedy: `A run has one once its last round is finished: «chronaxie runs resume ${id}» continues it.`,
      details: { id },
    });
  }
  return format === 'csv'
    ? [
        posteriorSamplesFile(prepared, result),
        predictiveFile(prepared, result),
        ...hallOfFameFiles(prepared, result),
      ]
    : [summaryFile(result), configFile(prepared)];
}
