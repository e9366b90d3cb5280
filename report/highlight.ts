import { escapeHtml } from './html.ts'

export type Language = 'wgsl' | 'cuda' | 'typescript'

const words: Readonly<Record<Language, { readonly keywords: string; readonly types: string }>> = Object.freeze({
  wgsl: { keywords: 'fn let var const struct return if else for while loop break continue true false enable override alias switch case default diagnostic requires', types: 'f32 f16 i32 u32 bool vec2 vec3 vec4 array atomic ptr storage workgroup uniform function private read read_write' },
  cuda: { keywords: 'if else for while do return const constexpr static inline struct template typename extern asm volatile true false break continue switch case default sizeof using namespace unsigned signed', types: 'float double int long short char void bool auto half __half __nv_bfloat16 uint32_t int32_t uint64_t int64_t uint16_t uint8_t size_t __device__ __global__ __shared__ __forceinline__ __restrict__ __launch_bounds__ cudaStream_t cudaError_t' },
  typescript: { keywords: 'const let return if else export import from function true false', types: 'number boolean string' },
})

const kinds = new Map<Language, { keywords: Set<string>; types: Set<string> }>(
  (Object.keys(words) as Language[]).map((l) => [l, { keywords: new Set(words[l].keywords.split(' ')), types: new Set(words[l].types.split(' ')) }]),
)

const token = /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<directive>^[ \t]*#[^\n]*|@\w+)|(?<number>\b(?:0[xX][\da-fA-F]+|\d[\d.]*(?:[eE][+-]?\d+)?)[uUfhlL]*\b)|(?<word>[A-Za-z_]\w*)/gm

const classOf = (groups: Readonly<Record<string, string | undefined>>, language: Language): string | undefined => {
  if (groups.comment) return 'c'
  if (groups.string) return 's'
  if (groups.directive) return 'd'
  if (groups.number) return 'm'
  const { keywords, types } = kinds.get(language)!
  return keywords.has(groups.word!) ? 'k' : types.has(groups.word!) ? 't' : undefined
}

const wrap = (text: string, kind: string | undefined): string =>
  kind ? text.split('\n').map((line) => (line ? `<span class="${kind}">${escapeHtml(line)}</span>` : '')).join('\n') : escapeHtml(text)

/** The lines of a source as HTML, comments, literals, keywords and types marked. */
export const highlight = (text: string, language: Language): readonly string[] => {
  let out = ''
  let at = 0
  for (const match of text.matchAll(token)) {
    out += escapeHtml(text.slice(at, match.index)) + wrap(match[0], classOf(match.groups!, language))
    at = match.index + match[0].length
  }
  return (out + escapeHtml(text.slice(at))).replace(/\n$/, '').split('\n')
}

/** Lines [from, to] (0-based) of a hook's function and the comment above it; the function itself begins at `head`. */
export interface Region { readonly name: string; readonly from: number; readonly head: number; readonly to: number }

/** Where the author's hooks are in an emitted source: functions of those names, from their comment to the closing brace. */
export const hookRegions = (text: string, names: readonly string[]): readonly Region[] => {
  const lines = text.split('\n')
  return names.flatMap((name) => {
    const head = lines.findIndex((line) => /^\S/.test(line) && !line.startsWith('//') && new RegExp(`\\b${name}\\(`).test(line) && line.trimEnd().endsWith('{'))
    if (head < 0) return []
    let from = head
    while (from > 0 && lines[from - 1]!.startsWith('//')) from--
    const to = lines.findIndex((line, i) => i > head && line.startsWith('}'))
    return [{ name, from, head, to: to < 0 ? head : to }]
  })
}
