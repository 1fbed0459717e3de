/**
 * Writes WebAssembly modules byte by byte (WebAssembly Core Specification 3.0, chapter 5, "Binary format"): as much of it
 * as straight loops over vectors need.
 */
export const valueType = { i32: 0x7f, v128: 0x7b } as const;

export function unsignedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

export function signedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && !(low & 0x40)) || (rest === -1 && low & 0x40)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

/** One exported function whose parameters are all i32 and which returns nothing. */
export class FunctionCode {
  readonly parameterCount: number;
  readonly #vectorConstants = new Map<string, { local: number; bytes: Uint8Array }>();
  #code: number[] = [];
  readonly #locals: number[] = [];

  constructor(parameterCount: number) {
    this.parameterCount = parameterCount;
  }

  #newLocal(type: number): number {
    this.#locals.push(type);
    return this.parameterCount + this.#locals.length - 1;
  }
  vectorLocal(): number {
    return this.#newLocal(valueType.v128);
  }
  integerLocal(): number {
    return this.#newLocal(valueType.i32);
  }

  get(local: number): void {
    this.#code.push(0x20, ...unsignedLeb(local));
  }
  set(local: number): void {
    this.#code.push(0x21, ...unsignedLeb(local));
  }
  integer(value: number): void {
    this.#code.push(0x41, ...signedLeb(value));
  }
  /** local ← local + amount */
  advance(local: number, amount: number): void {
    this.get(local);
    this.integer(amount);
    this.#code.push(0x6a);
    this.set(local);
  }
  addIntegers(): void {
    this.#code.push(0x6a);
  }
  multiplyIntegers(): void {
    this.#code.push(0x6c);
  }
  vector(opcode: number): void {
    this.#code.push(0xfd, ...unsignedLeb(opcode));
  }
  /** A load or store at the address on the stack plus a constant offset; natural alignment is only a hint. */
  vectorMemory(opcode: number, alignmentLog2: number, offset: number): void {
    this.vector(opcode);
    this.#code.push(alignmentLog2, ...unsignedLeb(offset));
  }
  shuffle(lanes: readonly number[]): void {
    this.vector(0x0d);
    this.#code.push(...lanes);
  }
  /**
   * Pushes a 16-byte constant. It lives in a local that is set once at the function's start: V8 builds a v128.const anew,
   * with three instructions, wherever it is used (26 against 13 ns a step of the Hodgkin–Huxley model).
   */
  vectorConstant(bytes: Uint8Array): void {
    const key = bytes.join();
    let constant = this.#vectorConstants.get(key);
    if (!constant) {
      constant = { local: this.vectorLocal(), bytes };
      this.#vectorConstants.set(key, constant);
    }
    this.get(constant.local);
  }
  /** Runs the body `counter` times; the counter is a local, ≥ 1, and ends at 0. */
  loop(counter: number, body: () => void): void {
    this.#code.push(0x03, 0x40);
    body();
    this.advance(counter, -1);
    this.get(counter);
    this.#code.push(0x0d, 0, 0x0b);
  }

  /** The entry of the code section. */
  encode(): number[] {
    const constants = [...this.#vectorConstants.values()].flatMap(({ local, bytes }) => [
      0xfd,
      0x0c,
      ...bytes,
      0x21,
      ...unsignedLeb(local),
    ]);
    const locals = this.#locals.flatMap((type) => [1, type]);
    const body = [...unsignedLeb(this.#locals.length), ...locals, ...constants, ...this.#code, 0x0b];
    return [...unsignedLeb(body.length), ...body];
  }
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  const content = [...unsignedLeb(entries.length), ...entries.flat()];
  return [id, ...unsignedLeb(content.length), ...content];
}
function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...unsignedLeb(bytes.length), ...bytes];
}

/** A module that exports the functions and imports its memory as ("host", "memory"). */
export function encodeModule(functions: Readonly<Record<string, FunctionCode>>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(functions);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      entries.map(([, f]) => [
        0x60,
        ...unsignedLeb(f.parameterCount),
        ...new Array<number>(f.parameterCount).fill(valueType.i32),
        0,
      ]),
    ),
    ...section(2, [[...text('host'), ...text('memory'), 2, 0, 0]]),
    ...section(
      3,
      entries.map((_, i) => unsignedLeb(i)),
    ),
    ...section(
      7,
      entries.map(([name], i) => [...text(name), 0, ...unsignedLeb(i)]),
    ),
    ...section(
      10,
      entries.map(([, f]) => f.encode()),
    ),
  ]);
}
