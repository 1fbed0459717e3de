/**
 * Compiles the kernels once more, for this machine's processors, with the C++ compiler that the system has: a Node-API addon,
 * build/kernels-<platform>-<architecture>.node, which main/train/kernels.ts loads where it finds it. Never needed: without a
 * compiler it says so and leaves the WebAssembly kernels to do the work. CXX chooses the compiler: g++ 12 or clang 15, or later.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { hashOfSources, target, write } from './sources.mjs';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));

const compileFlags = [
  '-O3',
  '-std=c++17',
  '-fPIC',
  '-fno-exceptions',
  '-fno-rtti',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-fno-strict-aliasing',
  '-fvisibility=hidden',
  '-w', // warnings are for the WebAssembly build's one compiler, not for whichever one is found here
];
/** The kinds of processor of each architecture. */
const builds = {
  x64: [
    { name: 'avx2', flags: ['-DVECTOR_LANES=8', '-mavx2', '-mfma'] },
    {
      name: 'avx512',
      flags: ['-DVECTOR_LANES=16', '-mavx2', '-mfma', '-mavx512f', '-mavx512vl', '-mavx512dq', '-mavx512bw'],
    },
  ],
  arm64: [{ name: 'neon', flags: ['-DVECTOR_LANES=4'] }],
}[process.arch];

async function findCompiler() {
  for (const name of process.env.CXX ? [process.env.CXX] : ['c++', 'g++', 'clang++']) {
    try {
      const { stdout } = await run(name, ['--version']);
      return { name, version: stdout.split('\n')[0] };
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'EACCES') throw error;
    }
  }
  return null;
}

async function build() {
  if (!builds || process.platform === 'win32')
    return `native addon: not for ${process.platform} on ${process.arch}; the WebAssembly kernels are used`;
  const compiler = await findCompiler();
  if (!compiler) return 'native addon: there is no C++ compiler here; the WebAssembly kernels are used';
  const started = performance.now();
  const objects = mkdtempSync(join(tmpdir(), 'chronaxie-addon-'));
  try {
    const { include_dir: headers } = createRequire(import.meta.url)('node-api-headers');
    const compile = async (source, name, flags) => {
      const object = join(objects, `${name}.o`);
      await run(compiler.name, [...compileFlags, ...flags, '-c', join(here, source), '-o', object]);
      return object;
    };
    const compiled = await Promise.all([
      compile('addon.cpp', 'addon', [`-I${headers}`, '-DNAPI_VERSION=8', `-DSOURCES="${hashOfSources()}"`]),
      ...builds.map(({ name, flags }) => compile('addon-kernels.cpp', name, [`-DBUILD=${name}`, ...flags])),
    ]);
    const linked = join(objects, 'kernels.node');
    const undefinedLater = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
    await run(compiler.name, ['-shared', ...undefinedLater, ...compiled, '-o', linked]);
    mkdirSync(target, { recursive: true });
    const file = `kernels-${process.platform}-${process.arch}.node`;
    write(file, readFileSync(linked));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    return `native addon: built ${file} (${builds.map(({ name }) => name).join(', ')}) with ${compiler.version} in ${seconds} s`;
  } finally {
    rmSync(objects, { recursive: true });
  }
}

try {
  console.log(await build());
} catch (error) {
  console.error(
    `native addon: it did not compile; the WebAssembly kernels are used\n${error.stderr ?? error}`,
  );
  process.exitCode = 1;
}
