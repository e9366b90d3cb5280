import { causal, defineAttention, pointwise, relu } from 'serrate'

const reluSquared = (x: number) => relu(x) * relu(x)

/** Attention without a softmax: relu(score)², divided by the sequence's length. */
export const relu_squared = defineAttention({
  name: 'relu_squared',
  normalizer: pointwise(reluSquared, (seq: { qLen: number }) => 1 / Math.max(seq.qLen, 1)),
  maskMod: causal,
})
