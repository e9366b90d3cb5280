import { defineChain, step } from 'serrate'
import { mask_places } from '../interaction/mask_places.ts'
import { masked_rows } from '../interaction/masked_rows.ts'

/** FBGEMM `masked_select_jagged_1d`, rows of any width: those that the mask keeps. The caller passes the output's offsets (`mask_offsets`) and its rows, at most those of x. */
export const masked_select = defineChain({
  name: 'masked_select',
  steps: { place: step(mask_places), out: step(masked_rows, { place: 'place' }) },
})
