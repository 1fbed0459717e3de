import { asStated } from '../../../main/contract/recording.ts';
import { Worker } from 'node:worker_threads';
import * as hdf5 from 'h5wasm/node';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { openRecording } from '../../../main/recording/recording.ts';
import { ReaderThread } from '../../../main/recording/reader-thread.ts';

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-reader-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A thread with this program in place of the reader. */
function threadRunning(program: string, timeLimitMs: number): ReaderThread {
  return new ReaderThread('some.nwb', timeLimitMs, new Worker(program, { eval: true }));
}

describe('ReaderThread', () => {
  it('turns a hang into a coded refusal that names the file', async () => {
    const thread = threadRunning(
      "require('node:worker_threads').parentPort.on('message', () => { for (;;); })",
      300,
    );
    await expect(thread.ask({ kind: 'open', path: 'some.nwb', reading: asStated })).rejects.toMatchObject({
      code: 'file-unreadable',
      message: 'Reading some.nwb came to nothing for 0.3 s and was stopped.',
    });
  });

  it('lets a reader work longer than the limit as long as it gives signs of life', async () => {
    const thread = threadRunning(
      `const { parentPort: port } = require('node:worker_threads');
       port.on('message', ({ id }) => {
         let n = 0;
         const beat = setInterval(() => {
           if (++n < 12) return port.postMessage({ kind: 'alive' });
           clearInterval(beat);
           port.postMessage({ id, kind: 'opened', outline: null });
         }, 100);
       });`,
      900,
    );
    await expect(thread.ask({ kind: 'open', path: 'some.nwb', reading: asStated })).resolves.toMatchObject({
      kind: 'opened',
    });
    await thread.close();
  });

  it('turns a crash into a coded refusal, for every question that waits and for later ones', async () => {
    const thread = threadRunning(
      "require('node:worker_threads').parentPort.on('message', () => { throw new RangeError('memory access out of bounds'); })",
      5000,
    );
    const waiting = [
      thread.ask({ kind: 'open', path: 'some.nwb', reading: asStated }),
      thread.ask({ kind: 'read', sweep: 0, range: null }),
    ];
    for (const question of waiting) await expect(question).rejects.toMatchObject({ code: 'file-unreadable' });
    await expect(thread.ask({ kind: 'open', path: 'some.nwb', reading: asStated })).rejects.toThrow(
      'some.nwb',
    );
  });

  it('does not start what is cancelled already', async () => {
    const thread = threadRunning("require('node:worker_threads').parentPort.on('message', () => {})", 5000);
    const signal = AbortSignal.abort();
    await expect(
      thread.ask({ kind: 'open', path: 'some.nwb', reading: asStated }, signal),
    ).rejects.toMatchObject({
      code: 'cancelled',
    });
    await thread.close();
  });
});

describe('files that are HDF5 but no recording', () => {
  it('refuses an HDF5 file whose datasets do not tell what they are', async () => {
    await hdf5.ready;
    const path = join(folder, 'other.h5');
    const file = new hdf5.File(path, 'w');
    file.create_dataset({ name: 'numbers', data: new Float64Array([1, 2]) });
    file.close();
    await expect(openRecording(path)).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining('the columns “numbers” do not tell') as string,
    });
  });

  it('refuses an empty file', async () => {
    const path = join(folder, 'empty.nwb');
    writeFileSync(path, '');
    await expect(openRecording(path)).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});
