export { cross_layer_add } from './cross_layer_add.ts'
export { decomposed_attention } from './decomposed_attention.ts'
export { norm_then_mul } from './norm_then_mul.ts'
