import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judged, sets, spikeTimes, task, theta } from './problem.ts';
import type { Series } from './series.ts';

const source = fileURLToPath(new URL('native-loop.cpp', import.meta.url));
/** Parameter sets that the loop works on at once; their voltages are interleaved in what it writes. */
const group = 32;

/** The same scheme in C++ with AVX2, one thread. @throws where there is no g++ for this processor */
export function nativeSeries(folder: string, steps: readonly number[]): Series {
  const program = join(folder, 'native-loop');
  execFileSync('g++', ['-O3', '-mavx2', '-mfma', '-std=c++17', source, '-o', program], { stdio: 'pipe' });
  const [thetaFile, currentFile, out] = ['theta.bin', 'current.bin', 'out.bin'].map((f) => join(folder, f));
  writeFileSync(thetaFile!, Float32Array.from(theta));
  const points = steps.map((dtMs) => {
    const { protocol } = task(dtMs, 'f32');
    writeFileSync(currentFile!, Float32Array.from(protocol.currentDensity));
    const call = [thetaFile!, String(sets), String(protocol.steps), String(dtMs), currentFile!, out!];
    const printed = execFileSync(program, call, { encoding: 'utf8' });
    const voltage = new Float32Array(readFileSync(out!).buffer);
    const traces = Array.from({ length: sets }, (_, row) => {
      const first = (row - (row % group)) * protocol.steps + (row % group);
      return Float32Array.from({ length: protocol.steps }, (_, i) => voltage[first + i * group]!);
    });
    const notFinite = traces.filter((trace) => !trace.every(Number.isFinite)).length;
    const spikes = traces.slice(0, judged).map((trace) => spikeTimes(trace, dtMs));
    return { dtMs, seconds: printed.trim().split('\n').map(Number), sets, notFinite, spikes };
  });
  return { simulator: 'C++, AVX2', variant: 'float32', points };
}
