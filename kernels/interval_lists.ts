import { defineAttention, intervals, perToken } from 'serrate'

/** Each query lists the keys it sees: a prefix and one interval. */
export const interval_lists = defineAttention({
  name: 'interval_lists',
  captures: { intervals: perToken('i32', { columns: 3, range: [0, 96] }) },
  maskMod: intervals,
})
