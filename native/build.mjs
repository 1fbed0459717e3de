/**
 * Compiles native/*.h, kernels.cpp to WebAssembly with the npm-installed clang: no system compiler, no network.
 * Rebuilds only when the sources' hash differs from that of the last build. Runs in plain Node 20 or later. Safe to run
 * twice at once: every file is written under a temporary name and renamed.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { hashOfSources, sources, target, write } from './sources.mjs';

const stamp = new URL('sources.sha256', target);

const compileFlags = [
  '--target=wasm32-unknown-unknown',
  '-O3',
  '-std=c++17',
  '-ffreestanding',
  '-nostdinc++',
  '-fno-exceptions',
  '-fno-math-errno',
  '-fvisibility=hidden',
  '-mbulk-memory',
  '-msimd128',
  '-Wall',
  '-Werror',
];
const variants = [
  // Fused multiply-add where the processor has one; results may differ in the last bit between processors.
  { name: 'kernels-relaxed.wasm', flags: ['-mrelaxed-simd', '-ffp-contract=on'] },
  // Every operation rounded by itself: bit-identical on every processor.
  { name: 'kernels-strict.wasm', flags: ['-ffp-contract=off'] },
];
const linkFlags = ['--no-entry', '--export=__heap_base', '-z', 'stack-size=65536', '--strip-all'];

function upToDate(hash) {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) return false;
  return variants.every(({ name }) => existsSync(new URL(name, target)));
}

/** The compiler's driver cannot start subprocesses, so compiling and linking are two calls. */
async function compile(commands, files, flags, options) {
  const compiled = await commands['clang++'](
    ['-c', ...compileFlags, ...flags, 'kernels.cpp', '-o', 'kernels.o'],
    files,
    options,
  );
  const linked = await commands['wasm-ld'](
    [...linkFlags, 'kernels.o', '-o', 'kernels.wasm'],
    compiled,
    options,
  );
  return linked['kernels.wasm'];
}

async function build() {
  const files = sources();
  const hash = hashOfSources();
  if (upToDate(hash)) return 'native kernels: up to date';
  const started = performance.now();
  const { commands, runLLVM } = await import('@yowasp/clang');
  mkdirSync(target, { recursive: true });
  const decoder = new TextDecoder();
  let messages = '';
  const collect = (bytes) => {
    if (bytes) messages += decoder.decode(bytes);
  };
  const options = { stdout: collect, stderr: collect, fetchProgress: () => undefined };
  await runLLVM(null, {}, options); // loads the tools quietly; clang++ would print its progress
  const sizes = [];
  for (const { name, flags } of variants) {
    try {
      const wasm = await compile(commands, files, flags, options);
      write(name, wasm);
      sizes.push(`${name} ${(wasm.length / 1024).toFixed(0)} kB`);
    } catch (error) {
      throw new Error(`native kernels: ${name} did not compile\n${messages}`, { cause: error });
    }
  }
  write('sources.sha256', hash);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  return `native kernels: built ${sizes.join(', ')} in ${seconds} s`;
}

try {
  console.log(await build());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
