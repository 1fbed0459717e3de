/** What the kernels were built for. The first two are WebAssembly; the others are in the addon, where it was built. */
export type KernelBuild = 'wasm-strict' | 'wasm-relaxed' | 'avx2' | 'avx512' | 'neon';

/**
 * The typed face of the compiled kernels (kernels.cpp). Pointers are byte offsets into `memory`, multiples of 64; `batch`
 * is the number of rows padded to a multiple of `lanes`; activations are feature-major, [features][batch]. Where the files lie
 * is the caller's business: main/train/kernels.ts knows it, because only there the two-level path is right in the bundle too.
 */
export interface Kernels {
  readonly build: KernelBuild;
  /** Of a vector: what arrays are padded to. */
  readonly lanes: number;
  readonly memory: KernelMemory;
  /** First byte that the caller may use. */
  readonly heapBase: number;

  /** target[r][c] = source[index[r]][c], zero for c ≥ columns; target rows are ldTarget long. */
  gatherRows(
    source: number,
    columns: number,
    index: number,
    rows: number,
    target: number,
    ldTarget: number,
  ): void;
  /** target[c][r] = source[r][c], zero for r ≥ rows; target rows are ldTarget long. */
  transpose(
    source: number,
    rows: number,
    columns: number,
    ldSource: number,
    target: number,
    ldTarget: number,
  ): void;
  /** n standard normals; noise: 16 words of generator state, advanced. */
  fillNormal(n: number, noise: number, out: number): void;

  imputeForward(features: number, batch: number, x: number, values: number, y: number): void;
  imputeBackward(features: number, batch: number, x: number, dy: number, dvalues: number): void;
  /** One row, y[b] = 1 where x[b] is NaN, else 0. */
  missingForward(batch: number, x: number, y: number): void;
  linearForward(
    outputs: number,
    inputs: number,
    batch: number,
    w: number,
    bias: number,
    x: number,
    y: number,
  ): void;
  /** dx = 0: not wanted. xt: scratch [rows][inputs padded]. */
  linearBackward(
    outputs: number,
    inputs: number,
    rows: number,
    batch: number,
    w: number,
    x: number,
    xt: number,
    dy: number,
    dw: number,
    dbias: number,
    dx: number,
  ): void;
  /** epsilon: scratch [outputs][batch] and a vector more. */
  variationalForward(
    outputs: number,
    inputs: number,
    rows: number,
    batch: number,
    w: number,
    v: number,
    bias: number,
    vbias: number,
    x: number,
    x2: number,
    y: number,
    ratio: number,
    epsilon: number,
    noise: number,
  ): void;
  variationalBackward(
    outputs: number,
    inputs: number,
    rows: number,
    batch: number,
    w: number,
    v: number,
    x: number,
    x2: number,
    xt: number,
    dy: number,
    ratio: number,
    dw: number,
    dv: number,
    dbias: number,
    dvbias: number,
    dx: number,
  ): void;
  tanhForward(n: number, y: number): void;
  tanhBackward(n: number, y: number, dy: number): void;
  reluForward(n: number, y: number): void;
  reluBackward(n: number, y: number, dy: number): void;

  /** Sequences are [channels][steps][batch]; see recurrent.h for the layout of weights, states and scratch. */
  gruForward(
    units: number,
    channels: number,
    steps: number,
    batch: number,
    w: number,
    u: number,
    bias: number,
    x: number,
    h: number,
    gates: number,
    y: number,
  ): void;
  /** dx = 0: not wanted. dh holds the gradient of the last state and is overwritten. */
  gruBackward(
    units: number,
    channels: number,
    steps: number,
    rows: number,
    batch: number,
    w: number,
    u: number,
    x: number,
    h: number,
    gates: number,
    dh: number,
    dgates: number,
    ht: number,
    xt: number,
    dw: number,
    du: number,
    dbias: number,
    dx: number,
  ): void;
  convolutionForward(
    channels: number,
    steps: number,
    filters: number,
    kernel: number,
    stride: number,
    batch: number,
    w: number,
    bias: number,
    x: number,
    y: number,
  ): void;
  /** dx = 0: not wanted. */
  convolutionBackward(
    channels: number,
    steps: number,
    filters: number,
    kernel: number,
    stride: number,
    rows: number,
    batch: number,
    w: number,
    x: number,
    window: number,
    windowT: number,
    dy: number,
    dw: number,
    dbias: number,
    dx: number,
  ): void;
  appendConstants(
    features: number,
    constants: number,
    batch: number,
    x: number,
    values: number,
    y: number,
  ): void;

  /** The loss; dy = 0: no gradient. */
  mixtureLoss(
    dimension: number,
    components: number,
    batch: number,
    scale: number,
    y: number,
    theta: number,
    weights: number,
    scratch: number,
    dy: number,
  ): number;
  /** theta: [3][batch], the parameter and its bounds; which: 1 = lower, 2 = upper, 3 = both. */
  boundedMixtureLoss(
    components: number,
    which: number,
    batch: number,
    scale: number,
    y: number,
    theta: number,
    weights: number,
    scratch: number,
    dy: number,
  ): number;
  /** log q of every row; which: also 0 = no bounds. */
  mixtureLogDensity(
    components: number,
    which: number,
    batch: number,
    y: number,
    theta: number,
    scratch: number,
    logQ: number,
  ): void;
  logisticLoss(batch: number, scale: number, y: number, labels: number, weights: number, dy: number): number;

  variances(n: number, logSd: number, variance: number): void;
  /** See optimiser.h: returns the part of the KL divergence that depends on the weights. */
  gaussianKl(
    n: number,
    scale: number,
    mean: number,
    logSd: number,
    variance: number,
    priorMean: number,
    priorPrecision: number,
    dmean: number,
    dlogSd: number,
  ): number;
  squaredNorm(n: number, g: number): number;
  adamStep(
    n: number,
    w: number,
    gradient: number,
    m: number,
    v: number,
    rate: number,
    gradientScale: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    keep: number,
  ): void;
  averageStep(n: number, w: number, average: number, share: number): void;
}

/** A WebAssembly.Memory, or what stands for one. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer;
  /** By pages of 64 KiB. */
  grow(pages: number): number;
}

const pageBytes = 65536;

/** Instantiates a compiled module with a memory of its own. Synchronous: the module is small. */
export function instantiateKernels(
  module: WebAssembly.Module,
  build: 'wasm-strict' | 'wasm-relaxed',
): Kernels {
  const { exports } = new WebAssembly.Instance(module);
  const base = exports['__heap_base'] as WebAssembly.Global<'i32'>;
  return { ...exports, build, lanes: 4, heapBase: base.value } as unknown as Kernels;
}

/** What the Node-API addon exports; see addon.cpp. */
export interface KernelAddon {
  /** Hash of the sources that it was compiled from. */
  sources: string;
  /** Those that this processor runs, the fastest first. */
  builds: { name: KernelBuild; lanes: number; kernels: (keyof Kernels)[] }[];
  call(build: number, kernel: number, memory: ArrayBuffer): void;
}

/** As much as 32-bit WebAssembly could have; only what is used takes memory. */
const longestBuffer = 2 ** 32;
/** The memory begins with the arguments of a call. */
const argumentsAtMost = 32;

/** The kernels of the addon's build of this number, with a memory of their own. */
export function addonKernels(addon: KernelAddon, index: number): Kernels {
  const { name, lanes, kernels } = addon.builds[index]!;
  // Grows in its place, so that the arguments' view stays; it begins on a page, so that vectors do not straddle cache lines.
  const buffer = new ArrayBuffer(pageBytes, { maxByteLength: longestBuffer });
  const values = new Float64Array(buffer, 0, argumentsAtMost);
  const calls = kernels.map((kernel, k) => {
    const call = (...given: number[]) => {
      for (let i = 0; i < given.length; i++) values[i] = given[i]!;
      addon.call(index, k, buffer);
      return values[0]!;
    };
    return [kernel, call] as const;
  });
  const memory: KernelMemory = {
    buffer,
    grow: (pages) => {
      const before = buffer.byteLength;
      buffer.resize(before + pages * pageBytes);
      return before / pageBytes;
    },
  };
  const own = { build: name, lanes, memory, heapBase: argumentsAtMost * values.BYTES_PER_ELEMENT };
  return { ...Object.fromEntries(calls), ...own } as unknown as Kernels;
}

/** Makes the memory at least `bytes` long. Views made before may be detached. */
export function reserveMemory({ memory }: Kernels, bytes: number): void {
  const pages = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (pages > 0) memory.grow(pages);
}
