import { readFile } from 'node:fs/promises';
import { fitConfigSchema, type FitConfig } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import { parseJsonFile, writtenSchema } from './checked-json.ts';

/**
 * Reads a configuration: every key that it leaves out has its default.
 * @throws AppError file-not-found, or input-invalid naming the file, the line, the key and the nearest known key
 */
export async function readConfigFile(path: string): Promise<FitConfig> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new AppError('file-not-found', `The configuration ${path} cannot be read.`, {
      remedy: 'Check the path; “chronaxie fit --print-config” writes a complete one to start from.',
      cause,
      details: { file: path },
    });
  }
  return parseConfig(text, path);
}

export function parseConfig(text: string, path: string): FitConfig {
  return parseJsonFile(text, {
    schema: fitConfigSchema,
    path,
    what: 'the configuration',
    remedy:
      '“chronaxie fit --print-schema” says what each key takes; “chronaxie fit --print-config” writes a valid one.',
  });
}

/** The JSON Schema that `--print-schema` writes. */
export function configJsonSchema(): Record<string, unknown> {
  return writtenSchema(fitConfigSchema);
}
