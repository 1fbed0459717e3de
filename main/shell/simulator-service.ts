import { createHash } from 'node:crypto';
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { Handlers } from '../contract/api.ts';
import { fitConfigSchema } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import { simulatorProblem } from '../inference/simulator-problem.ts';
import { moduleInfo } from '../simulate/simulator-pool.ts';

/**
 * Opens a simulator module: runs it, in a thread of its own, as far as it tells what it declares. That is the same right that
 * `chronaxie infer --simulator` has, the person's own; the interface asks them first.
 * @param uploads the folder of files that arrived from a page
 */
export function simulatorService(uploads: string): Pick<Handlers, 'simulator.open'> {
  return {
    'simulator.open': async (wanted) => {
      const [module, ...files] = await sideBySide([wanted.module, ...wanted.files], uploads);
      const { features } = await moduleInfo(module!);
      const tables = files.filter((file) => /\.csv$/i.test(file));
      if (tables.length === 0) {
        throw new AppError('input-invalid', `${basename(module!)} has no observation yet.`, {
          remedy: `Drop a CSV file with the header ${features.join(',')} and one row of values, together with the module or by itself.`,
        });
      }
      let fault: unknown;
      for (const observation of tables) {
        const source = { simulator: module!, observation };
        try {
          const { prepared } = await simulatorProblem(fitConfigSchema.parse({ source }), source);
          return { ...source, parameters: prepared.parameters, features: prepared.features };
        } catch (thrown) {
          fault ??= thrown; // another of the tables may be the observation, and this one what the module reads
        }
      }
      throw fault;
    },
  };
}

/**
 * Files that arrived from a page lie in folders of their own, named by content; a module finds what came with it beside it, as where
 * they came from. Files of the person's own folders stay where they are.
 */
async function sideBySide(paths: readonly string[], uploads: string): Promise<string[]> {
  if (paths.length === 1 || paths.some((path) => dirname(dirname(path)) !== uploads)) return [...paths];
  const named = paths.map((path) => relative(uploads, path)).sort();
  const folder = join(uploads, createHash('sha256').update(named.join('\n')).digest('hex'));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return Promise.all(
    paths.map(async (path) => {
      const copy = join(folder, basename(path));
      await copyFile(path, copy);
      return copy;
    }),
  );
}
