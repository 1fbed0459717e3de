/** Opcodes after the 0xfd prefix (WebAssembly Core Specification 3.0, "Vector Instructions"). */
export const v128 = {
  load: 0x00,
  store: 0x0b,
  load32Splat: 0x09,
  load64Splat: 0x0a,
  load64Zero: 0x5d,
  promoteLowF32: 0x5f,
  and: 0x4e,
  or: 0x50,
  xor: 0x51,
  bitselect: 0x52,
} as const;

export const i32x4 = { shl: 0xab, shrS: 0xac, shrU: 0xad, add: 0xae, sub: 0xb1 } as const;
export const f32x4ConvertI32x4S = 0xfa;

export interface FloatOpcodes {
  lt: number;
  gt: number;
  le: number;
  abs: number;
  sqrt: number;
  add: number;
  sub: number;
  mul: number;
  div: number;
  max: number;
  pmin: number;
  pmax: number;
  /** a·b + c, rounded once or twice as the processor likes. */
  relaxedMadd: number;
  /** Integer operations on lanes of the same width. */
  shl: number;
  shrU: number;
  integerAdd: number;
  loadSplat: number;
}

export const f32x4: FloatOpcodes = {
  lt: 0x43,
  gt: 0x44,
  le: 0x45,
  abs: 0xe0,
  sqrt: 0xe3,
  add: 0xe4,
  sub: 0xe5,
  mul: 0xe6,
  div: 0xe7,
  max: 0xe9,
  pmin: 0xea,
  pmax: 0xeb,
  relaxedMadd: 0x105,
  shl: 0xab,
  shrU: 0xad,
  integerAdd: 0xae,
  loadSplat: v128.load32Splat,
};

export const f64x2: FloatOpcodes = {
  lt: 0x49,
  gt: 0x4a,
  le: 0x4b,
  abs: 0xec,
  sqrt: 0xef,
  add: 0xf0,
  sub: 0xf1,
  mul: 0xf2,
  div: 0xf3,
  max: 0xf5,
  pmin: 0xf6,
  pmax: 0xf7,
  relaxedMadd: 0x107,
  shl: 0xcb,
  shrU: 0xcd,
  integerAdd: 0xce,
  loadSplat: v128.load64Splat,
};
