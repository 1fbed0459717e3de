import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OpeningRecording } from '../../../main/recording/recording.ts';
import { RecordingCache, type OpenRecording } from '../../../main/shell/recording-cache.ts';

let folder: string;
let opened: string[];
let closed: string[];
let cache: RecordingCache;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chronaxie-cache-'));
  opened = [];
  closed = [];
  cache = new RecordingCache(2, begin, (opening) =>
    Promise.resolve({ recording: opening, inspection: {} } as unknown as OpenRecording),
  );
});
afterEach(async () => {
  await cache.close();
  rmSync(folder, { recursive: true });
});

function begin(path: string): Promise<OpeningRecording> {
  if (path.endsWith('bad.nwb')) return Promise.reject(new Error('damaged'));
  opened.push(path);
  const close = () => {
    closed.push(path);
    return Promise.resolve();
  };
  return Promise.resolve({ close, outline: { format: 'NWB', sweeps: [] } } as unknown as OpeningRecording);
}

function file(name: string, text = 'x'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
const use = (path: string) => cache.use(path, () => Promise.resolve('used'));

it('opens a recording once for several uses, at the same time too', async () => {
  const a = file('a.nwb');
  await Promise.all([use(a), use(a)]);
  await use(a);
  expect(opened).toEqual([a]);
});

it('answers what can be known at once before the sweeps were looked at, and opens the file once for both', async () => {
  const a = file('a.nwb');
  const looking = Promise.withResolvers<OpenRecording>();
  const slow = new RecordingCache(2, begin, () => looking.promise);
  const whole = slow.use(a, () => Promise.resolve('whole'));
  expect(await slow.useBegun(a, ({ outline }) => Promise.resolve(outline.format))).toBe('NWB');
  looking.resolve({} as OpenRecording);
  expect(await whole).toBe('whole');
  expect(opened).toEqual([a]);
  await slow.close();
});

it('closes the least recently used beyond its limit', async () => {
  const [a, b, c] = [file('a.nwb'), file('b.nwb'), file('c.nwb')];
  await use(a);
  await use(b);
  await use(a);
  await use(c);
  expect(closed).toEqual([b]);
});

it('does not close what is in use before its use has ended', async () => {
  const a = file('a.nwb');
  let end: () => void = () => undefined;
  const long = cache.use(a, () => new Promise<void>((resolve) => (end = resolve)));
  await new Promise((resolve) => setTimeout(resolve, 5));
  await use(file('b.nwb'));
  await use(file('c.nwb'));
  expect(closed).toEqual([]);
  end();
  await long;
  expect(closed).toEqual([a]);
});

it('reads a file anew that has changed', async () => {
  const a = file('a.nwb');
  await use(a);
  file('a.nwb', 'longer');
  await use(a);
  expect(opened).toEqual([a, a]);
});

it('tries again after a failure', async () => {
  const bad = file('bad.nwb');
  await expect(use(bad)).rejects.toThrow('damaged');
  await expect(use(bad)).rejects.toThrow('damaged');
  expect(opened).toEqual([]);
});

it('closes a file whose sweeps could not be looked at, and opens it anew at the next attempt', async () => {
  const a = file('a.nwb');
  const failing = new RecordingCache(2, begin, () => Promise.reject(new Error('damaged inside')));
  await expect(failing.use(a, () => Promise.resolve('used'))).rejects.toThrow('damaged inside');
  expect(closed).toEqual([a]);
  await expect(failing.use(a, () => Promise.resolve('used'))).rejects.toThrow('damaged inside');
  expect(opened).toEqual([a, a]);
  expect(closed).toEqual([a, a]);
  await failing.close();
});

it('closes everything when it is closed', async () => {
  const a = file('a.nwb');
  await use(a);
  await cache.close();
  expect(closed).toEqual([a]);
});
