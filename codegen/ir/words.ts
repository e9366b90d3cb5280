const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Keywords and reserved words of WGSL (section 16 of its specification). */
const wgsl = words(`
alias break case const const_assert continue continuing default diagnostic discard else enable false fn for if let loop override requires return struct switch true var while
NULL Self abstract active alignas alignof as asm asm_fragment async attribute auto await become cast catch class co_await co_return co_yield coherent column_major common compile
compile_fragment concept const_cast consteval constexpr constinit crate debugger decltype delete demote demote_to_helper do dynamic_cast enum explicit export extends extern external
fallthrough filter final finally friend from fxgroup get goto groupshared highp impl implements import inline instanceof interface layout lowp macro macro_rules match mediump meta mod
module move mut mutable namespace new nil noexcept noinline nointerpolation non_coherent noncoherent noperspective null nullptr of operator package packoffset partition pass patch
pixelfragment precise precision premerge priv protected pub public readonly ref regardless register reinterpret_cast require resource restrict self set shared sizeof smooth snorm static
static_assert static_cast std subroutine super target template this thread_local throw trait try type typedef typeid typename typeof union unless unorm unsafe unsized use using varying
virtual volatile wgsl where with writeonly yield`)

/** Keywords of C++20, and names that its headers and compilers define as macros. */
const cpp = words(`
and and_eq bitand bitor bool char char8_t char16_t char32_t compl double float int long not not_eq or or_eq private short signed unsigned void wchar_t xor xor_eq
linux unix i386 errno NULL EOF INFINITY NAN HUGE_VAL M_PI stdin stdout stderr`)

/** Types that emitted text of either target uses. */
const types = words('i32 u32 f32 vec2 vec3 vec4 array atomic ptr sampler texture element_t')

/** Names of a hook's surroundings and of functions that printed expressions call. */
const called = words(`
score b h q kv q0 q1 kv0 kv1 t x q_len kv_len row0 captures_i32 captures_f32 tiles out lse k v seq_offsets
score_mod mask_mod activation scale row_scale sink keep_after head_count rising_always rising_never falling_always falling_never monotone_ok tile_always tile_never token_entry table_entry query_entry key_entry column_entry erf uint_as_float
abs min max floor ceil trunc round sqrt exp exp2 log log2 sin cos tanh pow sign clamp select mix step dot cross length distance bitcast fma
expf exp2f logf log2f floorf ceilf truncf rintf sqrtf tanhf sinf cosf powf fmodf fabsf fminf fmaxf
floor_div floor_mod trunc_rem min_i32 max_i32 abs_i32 sign_i32 sign_f32 f32_to_i32 sigmoid silu sigmoid_divisor sigmoid_of silu_of activation_pair silu_divisor silu_pair silu_tanh tanh_approx mask_plain mask_is_plain tile_plain_always tile_plain_never key_limits counted_from keeps_key exp_f32 tanh_f32 exp2_approx rcp_approx max_nan
near far assert signbit isnan isinf isfinite
params seq f16 half half_t bf16_t uint uint4 float2 float4 int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t size_t`)

/** Words that cannot name a field of a struct in both targets' text. */
export const fieldWords: ReadonlySet<string> = new Set([...wgsl, ...cpp, ...types])

/** Words that cannot name a value inside a printed function: a local of that name would hide what the text calls. */
export const localWords: readonly string[] = Object.freeze([...fieldWords, ...called])
