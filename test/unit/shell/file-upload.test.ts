import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileUploads } from '../../../main/shell/file-upload.ts';

let folder: string;
let uploads: FileUploads;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chronaxie-upload-'));
  uploads = new FileUploads(folder);
});
afterEach(async () => {
  await uploads.close();
  rmSync(folder, { recursive: true });
});

const piece = (offset: number, text: string, last: boolean, name = 'cell 1.nwb') => ({
  upload: 'u1',
  name,
  offset,
  bytes: new TextEncoder().encode(text),
  last,
});

describe('uploads', () => {
  it('joins the pieces under the content’s hash and the file’s name', async () => {
    expect(await uploads.accept(piece(0, 'abc', false))).toBeNull();
    const path = await uploads.accept(piece(3, 'def', true));
    const hash = createHash('sha256').update('abcdef').digest('hex');
    expect(path).toBe(join(folder, hash, 'cell 1.nwb'));
    expect(readFileSync(path!, 'utf8')).toBe('abcdef');
    expect(readdirSync(folder)).toEqual([hash]);
  });

  it('refuses a piece out of order, forgets the file and leaves nothing behind', async () => {
    await uploads.accept(piece(0, 'abc', false));
    await expect(uploads.accept(piece(5, 'x', true))).rejects.toMatchObject({ code: 'file-unreadable' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['../../evil.nwb', '..\\..\\evil.nwb', '/etc/evil.nwb'])(
    'keeps %s inside its folder',
    async (name) => {
      const path = await uploads.accept(piece(0, 'x', true, name));
      expect(path).toMatch(/[0-9a-f]{64}[\\/]evil\.nwb$/);
      expect(path!.startsWith(folder)).toBe(true);
    },
  );

  it('gives a name to a file without one', async () => {
    expect(await uploads.accept(piece(0, 'x', true, '..'))).toMatch(/recording$/);
  });

  it('removes what was never finished when it closes', async () => {
    await uploads.accept(piece(0, 'abc', false));
    await uploads.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a seventeenth file at once', async () => {
    for (let i = 0; i < 16; i++) await uploads.accept({ ...piece(0, 'x', false), upload: `u${i}` });
    await expect(uploads.accept({ ...piece(0, 'x', false), upload: 'more' })).rejects.toMatchObject({
      code: 'usage',
    });
  });
});
