import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { SessionFile } from '../../../main/shell/session-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-session-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('gives back at the next start what was written, each write whole, the last one of a name', async () => {
  const path = join(folder, 'session.json');
  const file = new SessionFile(path);
  expect(await file.read()).toEqual({});
  await Promise.all([file.write('a', '1'), file.write('b', '2'), file.write('a', '3')]);
  expect(await new SessionFile(path).read()).toEqual({ a: '3', b: '2' });
});

it('begins anew where the file is damaged', async () => {
  const path = join(folder, 'damaged.json');
  writeFileSync(path, '{"a": ');
  const file = new SessionFile(path);
  expect(await file.read()).toEqual({});
  await file.write('a', '1');
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ a: '1' });
});

it('refuses a folder that is not there,', async () => {
  await expect(new SessionFile(join(folder, 'none', 'session.json')).write('a', '1')).rejects.toThrow(
    'ENOENT',
  );
});
