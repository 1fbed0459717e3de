import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../contract/errors.ts';
import { modelFileSchema, type ModelFile, type ModelSummary } from '../contract/model.ts';
import { lineOfKey } from './json-place.ts';
import { importNeuroml } from './neuroml.ts';
import { parseModel } from './parsed-model.ts';

export interface LoadedModel {
  file: ModelFile;
  /** Absolute path of the model file. */
  path: string;
  builtIn: boolean;
}

const builtInFolder = fileURLToPath(new URL('../../resources/models', import.meta.url));

function builtInNames(): string[] {
  return readdirSync(builtInFolder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .sort(new Intl.Collator('en', { numeric: true }).compare);
}

/**
 * A model by its built-in name, or by the path of a model file.
 * @throws AppError not-found (neither a name nor a file), file-unreadable (not JSON), model-invalid
 */
export async function loadModel(nameOrPath: string): Promise<LoadedModel> {
  const builtIn = builtInNames().includes(nameOrPath);
  const path = builtIn ? resolve(builtInFolder, `${nameOrPath}.json`) : resolve(nameOrPath);
  let text: string;
  try {
    // Some editors of Windows begin a file with a byte order mark.
    text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new AppError('not-found', `There is no model «${nameOrPath}», neither built in nor as a file.`, {
      remedy: `Built in are ${builtInNames().join(', ')}; or give the path of a model file (JSON, or NeuroML with the ending .nml).`,
      cause,
      details: { model: nameOrPath },
    });
  }
  if (/\.(nml|xml)$/i.test(path)) {
    const imported = await importNeuroml(text, path);
    return { file: withPlace(null, path, () => checkedModel(imported, nameOrPath)), path, builtIn };
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('file-unreadable', `The model file «${nameOrPath}» is not valid JSON: ${reason}.`, {
      remedy: 'Correct the file; `chronaxie models show hh8 --json` prints a model to start from.',
      cause,
      details: { file: path },
    });
  }
  return { file: withPlace(text, path, () => checkedModel(document, nameOrPath)), path, builtIn };
}

/** Refusals name the file, and the line where the document is JSON. @param text null = the model was made from another document */
function withPlace<T>(text: string | null, path: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof AppError) || typeof error.details['key'] !== 'string') throw error;
    const { key } = error.details;
    const line = text === null ? null : lineOfKey(text, key);
    const place = line === null ? '' : `, line ${line} (${key})`;
    throw new AppError(error.code, `${basename(path)}${place}: ${error.message}`, {
      remedy: error.remedy,
      cause: error,
      details: { ...error.details, file: path, line },
    });
  }
}

/** A document as a model whose form, names and expressions are right. */
export function checkedModel(document: unknown, source: string): ModelFile {
  const parsed = modelFileSchema.safeParse(document);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new AppError(
      'model-invalid',
      `The model file «${source}» is not a model: ${issue.path.join('.') || 'the document'}: ${issue.message}.`,
      {
        remedy: 'Correct the file; `chronaxie models show hh8 --json` prints a model to start from.',
        cause: parsed.error,
        details: { file: source, key: issue.path.join('.') },
      },
    );
  }
  parseModel(parsed.data);
  return parsed.data;
}

export function modelSummary(model: LoadedModel): ModelSummary {
  const { name, title, description, citations, parameters } = model.file;
  return { name, title, description, citations, builtIn: model.builtIn, file: model.path, parameters };
}

/** The built-in models. */
export async function listModels(): Promise<ModelSummary[]> {
  const models = await Promise.all(builtInNames().map((name) => loadModel(name)));
  return models.map(modelSummary);
}
