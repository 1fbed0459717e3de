import { isAbsolute, join, resolve } from 'node:path';
import envPaths from 'env-paths';

/**
 * Where the history lies: the argument of `--history`, else the environment variable CHRONAXIE_HISTORY, else
 * `history.sqlite` in the user's data folder (Linux ~/.local/share/chronaxie, macOS ~/Library/Application Support/chronaxie,
 * Windows %LOCALAPPDATA%\chronaxie\Data). All three doors use the same file.
 */
export function historyFile(override?: string, environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = [override, environment['CHRONAXIE_HISTORY']].find(
    (path) => path !== undefined && path !== '',
  );
  if (chosen !== undefined) return isAbsolute(chosen) ? chosen : resolve(chosen);
  return join(envPaths('chronaxie', { suffix: '' }).data, 'history.sqlite');
}
