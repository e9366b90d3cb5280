import { defineAttention, local, scalar } from 'serrate'

/** Each query sees `left` tokens back and `right` ahead. */
export const local_window = defineAttention({
  name: 'local_window',
  captures: { left: scalar('i32', { range: [0, 64] }), right: scalar('i32', { range: [0, 64] }) },
  maskMod: local,
})
