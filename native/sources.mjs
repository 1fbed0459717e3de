/** What the kernels are built from, and its hash, which tells whether a build is of these sources. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';

const here = new URL('.', import.meta.url);
export const target = new URL('build/', here);

/** name → text of all *.h and *.cpp. */
export function sources() {
  return read(/\.(h|cpp)$/);
}

/** Of the sources and of the programs that build them. */
export function hashOfSources() {
  const hash = createHash('sha256');
  for (const [name, text] of Object.entries(read(/\.(h|cpp|mjs)$/))) hash.update(`${name}\0${text}\0`);
  return hash.digest('hex');
}

/** Written under a temporary name and renamed, so that no one reads half a file. */
export function write(name, content) {
  const temporary = new URL(`${name}.${process.pid}.tmp`, target);
  writeFileSync(temporary, content);
  renameSync(temporary, new URL(name, target));
}

function read(pattern) {
  const files = {};
  for (const name of readdirSync(here).sort())
    if (pattern.test(name)) files[name] = readFileSync(new URL(name, here), 'utf8');
  return files;
}
