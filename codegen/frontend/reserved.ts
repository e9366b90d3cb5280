/** Names that a launcher or the parameters of every kernel already use, in snake case. */
const LAUNCHER = new Set([
  'q', 'k', 'v', 'out', 'lse', 'seq_offsets', 'tiles', 'q_len', 'kv_len', 'row0', 'num_sequences', 'num_heads', 'num_rows', 'max_tiles', 'offset_words', 'sm_scale',
  'captures_i32', 'captures_f32', 'constructor', 'prototype', '__proto__',
])

/** Words of WGSL and C++ that cannot name a field. */
const WORDS = new Set((
  'alias break case const const_assert continue continuing default diagnostic discard else enable false fn for if let loop override requires return struct switch true var while ' +
  'alignas alignof and and_eq asm auto bitand bitor bool catch char class compl concept const_cast constexpr co_await co_return co_yield decltype delete do double dynamic_cast enum ' +
  'explicit export extern float friend goto inline int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast ' +
  'short signed sizeof static static_assert static_cast template this thread_local throw try typedef typeid typename union unsigned using virtual void volatile wchar_t xor xor_eq ' +
  'active attribute become cast coherent common compile crate debugger demote device do enumerated extends external filter final from get handle highp impl implements import interface ' +
  'layout lowp macro match mediump meta mod module move mut noinline nointerpolation null of package pass patch pixelfragment point precise precision premerge priv process pub pure ' +
  'readonly ref regardless require resource restrict self set shared snorm struct subroutine super target texture trait type typeof uniform unless unorm unsafe unsized use varying ' +
  'where with writeonly yield i32 u32 f32 f16 vec2 vec3 vec4 array atomic ptr sampler'
).split(' '))

export const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()

/** Why a name cannot be a capture, or undefined when it can. */
export const nameProblem = (name: string): string | undefined => {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) return 'not an identifier that starts with a letter'
  if (name.length > 64) return 'longer than 64 characters'
  if (LAUNCHER.has(snake(name)) || LAUNCHER.has(name)) return 'reserved: every launcher has an argument or field of that name'
  if (/^(base|length)_/.test(snake(name))) return 'reserved: `base_` and `length_` start the names of table parameters'
  if (WORDS.has(snake(name)) || WORDS.has(name)) return 'a word of WGSL or CUDA'
  return undefined
}
