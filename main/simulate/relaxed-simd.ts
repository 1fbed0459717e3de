import { f32x4 } from './simd-opcodes.ts';
import { encodeModule, FunctionCode } from './wasm-encoder.ts';

let known: boolean | undefined;

/** Whether this host runs relaxed SIMD (Node 20 does not without a flag; Node 24 does). */
export function hasRelaxedSimd(): boolean {
  if (known === undefined) {
    const code = new FunctionCode(1);
    const local = code.vectorLocal();
    for (let i = 0; i < 3; i++) code.get(local);
    code.vector(f32x4.relaxedMadd);
    code.set(local);
    known = WebAssembly.validate(encodeModule({ probe: code }));
  }
  return known;
}
