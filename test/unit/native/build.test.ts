import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const native = resolve(import.meta.dirname, '../../../native');
const built = (name: string) => resolve(native, 'build', name);

describe('the build of the native kernels', () => {
  it('has nothing to do while the sources are the same, also when two run at once, and says so in one line', async () => {
    const before = statSync(built('kernels-relaxed.wasm')).mtimeMs;
    const outputs = await Promise.all(
      [1, 2].map(() => run(process.execPath, [resolve(native, 'build.mjs')])),
    );
    for (const { stdout, stderr } of outputs) {
      expect(stdout).toBe('native kernels: up to date\n');
      expect(stderr).toBe('');
    }
    expect(statSync(built('kernels-relaxed.wasm')).mtimeMs).toBe(before);
  });

  it('uses the fused multiply-add in the relaxed variant alone', () => {
    // f32x4.relaxed_madd is 0xfd 0x105, the number as LEB128: 85 02.
    const fused = Buffer.of(0xfd, 0x85, 0x02);
    expect(readFileSync(built('kernels-relaxed.wasm')).includes(fused)).toBe(true);
    expect(readFileSync(built('kernels-strict.wasm')).includes(fused)).toBe(false);
  });

  it('gives both variants the same functions and needs nothing from the host', () => {
    const [relaxed, strict] = ['kernels-relaxed.wasm', 'kernels-strict.wasm'].map(
      (name) => new WebAssembly.Module(readFileSync(built(name))),
    ) as [WebAssembly.Module, WebAssembly.Module];
    const names = (module: WebAssembly.Module) => WebAssembly.Module.exports(module).map(({ name }) => name);
    expect(names(relaxed)).toEqual(names(strict));
    expect(names(relaxed)).toContain('variationalBackward');
    expect(WebAssembly.Module.imports(relaxed)).toEqual([]);
  });
});
