import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** The recordings among a program's arguments, as absolute paths: what is not an option and is a file. */
export function filesAmong(args: readonly string[], cwd: string): string[] {
  return args
    .filter((argument) => !argument.startsWith('-') && /\.(nwb|h5|hdf5|abf|csv|tsv|txt|atf)$/i.test(argument))
    .map((argument) => resolve(cwd, argument))
    .filter((path) => existsSync(path) && statSync(path).isFile());
}
