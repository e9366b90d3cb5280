/** Element types that attention reads or writes; U8 to F64 are named so that a wrong one is reported, not misread. */
export const tensorDtypes = Object.freeze({ F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, I16: 2, I8: 1, U64: 8, U32: 4, U16: 2, U8: 1, BOOL: 1, F8_E5M2: 1, F8_E4M3: 1 } as const)
export type TensorDtype = keyof typeof tensorDtypes

/** `bytes` are little endian, in row-major order. */
export interface Tensor {
  readonly dtype: TensorDtype
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}
export type Tensors = ReadonlyMap<string, Tensor>

export const elements = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1)
