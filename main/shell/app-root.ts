import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { fitConfigSchema, type FitConfig } from '../contract/config.ts';

/** The folder that holds package.json, both from main/shell and from the bundle in out/main. */
export const appRoot = fileURLToPath(new URL('../../', import.meta.url));

export const rendererFolder = fileURLToPath(new URL('../../out/renderer/', import.meta.url));

let known: string | undefined;

/** The version of this installation, as package.json says it. */
export function appVersion(): string {
  known ??= z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;
  return known;
}

/** The bundled recording; null where an installation was made without it. */
export function exampleRecording(): string | null {
  const folder = fileURLToPath(new URL('../../resources/examples/', import.meta.url));
  const [first] = globSync('*.nwb', { cwd: folder }).sort();
  return first === undefined ? null : folder + first;
}

/** What the demonstration fits the bundled recording with. */
export function exampleConfig(): FitConfig {
  const file = new URL('../../resources/examples/demo.json', import.meta.url);
  return fitConfigSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
