import { extentOf, type InteractionExtent, type InteractionManifest, type LayoutAxis, packedRows, rowElements, type TensorSpec } from '../../codegen/ir/interaction/index.ts'

const extentText = (m: InteractionManifest, e: InteractionExtent, name: string): string => `${name} ${extentOf(m, e, name)}`
const axisText = (m: InteractionManifest, e: InteractionExtent, a: LayoutAxis): string =>
  a.kind === 'axis' ? extentText(m, e, a.name) : `${a.kind}(${extentText(m, e, a.row)}, ${extentText(m, e, a.column)})`
const firstText = (a: LayoutAxis): string => (a.kind === 'axis' ? a.name : `${a.kind}(${a.row}, ${a.column})`)

/** A tensor's shape in words: "rows of l 5, d 4". */
export const shapeText = (m: InteractionManifest, e: InteractionExtent, t: TensorSpec): string => {
  const [first, ...rest] = t.axes
  if (t.storage === 'dense') return [...(t.batch === null ? [] : [extentText(m, e, t.batch)]), ...t.axes.map((a) => axisText(m, e, a))].join(', ')
  return [`rows of ${firstText(first!)} ${packedRows(m, e, t)}`, ...rest.map((a) => axisText(m, e, a))].join(', ')
}

/** Where an element of a tensor lies, in words: "row 3, element 2 of 4". */
export const elementText = (m: InteractionManifest, e: InteractionExtent, t: TensorSpec, i: number): string => {
  if (t.storage === 'dense') return `element ${i}`
  const width = rowElements(m, e, t)
  return width > 1 ? `row ${Math.floor(i / width)}, element ${i % width} of ${width}` : `row ${i}`
}
