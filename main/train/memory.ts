import { blockSize, parameterBlocks, type NetworkDescription, type ParameterBlock } from './network.ts';

const floatBytes = 4;

/** To whole vectors. `lanes`: of the kernels; those of WebAssembly have 4. */
export function padded(n: number, lanes = 4): number {
  return Math.ceil(n / lanes) * lanes;
}

/** Hands out offsets of a memory, 64-byte aligned; nothing is ever given back. */
export class Arena {
  #end: number;
  constructor(base: number) {
    this.#end = base;
  }
  get end(): number {
    return this.#end;
  }
  /** Byte offset of room for n floats (or 32-bit integers). */
  floats(n: number): number {
    const offset = Math.ceil(this.#end / 64) * 64;
    this.#end = offset + n * floatBytes;
    return offset;
  }
}

/** Where a block lies among the trainable floats; rows are padded to whole vectors, the padding is 0. */
export interface PlacedBlock extends ParameterBlock {
  /** In floats from the start of the trainable ones. */
  start: number;
  stride: number;
}

/**
 * The trainable floats of a network: [values of variational blocks | values of the others | log-sds of the variational].
 * The first and the last part have the same inner layout.
 */
export interface ParameterLayout {
  blocks: readonly PlacedBlock[];
  /** Length of the variational part, padding included. */
  variational: number;
  /** Start of the log-sds. */
  logSds: number;
  length: number;
}

export function layOutParameters(network: NetworkDescription, lanes = 4): ParameterLayout {
  const blocks = parameterBlocks(network).map((block) => {
    const vector = block.kind !== 'weights';
    return { ...block, start: 0, stride: vector ? 1 : padded(block.columns, lanes) };
  });
  const sizeOf = (block: PlacedBlock) => padded(block.rows * block.stride, lanes);
  let end = 0;
  for (const variational of [true, false]) {
    for (const block of blocks) {
      if (block.variational !== variational) continue;
      block.start = end;
      end += sizeOf(block);
    }
  }
  const variational = blocks.reduce((sum, b) => sum + (b.variational ? sizeOf(b) : 0), 0);
  return { blocks, variational, logSds: end, length: end + variational };
}

/** Stored parameters (network.ts) → trainable floats; `padding` fills the log-sds' padding. */
export function unpack(
  layout: ParameterLayout,
  stored: Float32Array,
  trainable: Float32Array,
  padding: number,
): void {
  trainable.fill(0, 0, layout.logSds).fill(padding, layout.logSds);
  move(layout, (position, place) => {
    trainable[place] = stored[position]!;
  });
}

/** Trainable floats → stored parameters. */
export function pack(layout: ParameterLayout, trainable: Float32Array): Float32Array {
  const size = layout.blocks.reduce((sum, b) => sum + blockSize(b) * (b.variational ? 2 : 1), 0);
  const stored = new Float32Array(size);
  move(layout, (position, place) => {
    stored[position] = trainable[place]!;
  });
  return stored;
}

function move(layout: ParameterLayout, visit: (position: number, place: number) => void): void {
  let position = 0;
  for (const logSds of [false, true]) {
    for (const block of layout.blocks) {
      if (logSds && !block.variational) continue;
      const start = block.start + (logSds ? layout.logSds : 0);
      for (let row = 0; row < block.rows; row++)
        for (let column = 0; column < block.columns; column++)
          visit(position++, start + row * block.stride + column);
    }
  }
}
