/* serrate 0.1.0: C launchers of gdpa_relu_square (definition b9ceffc458411afa, kernels/gdpa_relu_square.ts:4). Written by `serrate generate`.
 * Compile the .cu files with nvcc and link them; a launch takes one jagged batch, queries and keys at the same offsets, or any other layout. */
#ifndef SERRATE_GDPA_RELU_SQUARE_H
#define SERRATE_GDPA_RELU_SQUARE_H

#ifndef SERRATE_LAYOUT
#define SERRATE_LAYOUT
/* Bits of layout_flags: queries are the same rows for every sequence; the last query has the position of the last key; kv_index names each sequence's keys. */
enum { SERRATE_BROADCAST = 1, SERRATE_ALIGN_END = 2, SERRATE_KV_INDEX = 4 };

/* Entries that the tile list needs for num_rows rows of out in num_sequences sequences. */
static inline unsigned serrate_max_tiles(unsigned num_rows, unsigned num_sequences, unsigned layout_flags, unsigned block_m) {
  const unsigned long long parts = (layout_flags & SERRATE_ALIGN_END ? 2ull : 1ull) * num_sequences;
  return num_rows / block_m + (unsigned)(parts < num_rows ? parts : num_rows) + 1;
}
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Device pointers, then numbers. Strides count elements; query_rows is 0 where queries have offsets; head_group is heads / key heads. */
struct serrate_gdpa_relu_square_params {
  const void* q;  /* [rows, heads, head dim] */
  const void* k;  /* [kv_rows, key heads, head dim] */
  const void* v;  /* [kv_rows, key heads, value dim] */
  void* out;  /* [rows, heads, value dim] */
  unsigned* tiles;  /* workspace, 128-byte aligned */
  const void* seq_offsets;  /* [num_sequences + 1], offset_words 4-byte words each */
  const void* kv_offsets;  /* of the keys; seq_offsets where queries are theirs */
  const int* kv_index;  /* [num_sequences]; any address where layout_flags has no SERRATE_KV_INDEX */
  unsigned num_sequences;
  unsigned num_heads;
  unsigned head_group;
  unsigned num_rows;
  unsigned kv_rows;
  unsigned max_tiles;
  unsigned offset_words;
  unsigned kv_offset_words;
  unsigned query_rows;
  unsigned layout_flags;
  unsigned q_row_stride;
  unsigned q_head_stride;
  unsigned k_row_stride;
  unsigned k_head_stride;
  unsigned v_row_stride;
  unsigned v_head_stride;
  unsigned out_row_stride;
  unsigned out_head_stride;
  unsigned lse_row_stride;
  unsigned lse_head_stride;
  float sm_scale;
  float qk_scale;  /* qkScale */
};

/* f32, head dim 64: cuda/gdpa_relu_square/gdpa_relu_square_f32_d64.cu. BLOCK_M 64; tiles: 32 + 32 * max_tiles bytes. Returns a cudaError_t; stream is a cudaStream_t. */
int serrate_gdpa_relu_square_f32_d64(const struct serrate_gdpa_relu_square_params* params, unsigned max_tiles, void* stream);
/* f16, head dim 64: cuda/gdpa_relu_square/gdpa_relu_square_f16_d64.cu. BLOCK_M 64; tiles: 32 + 32 * max_tiles bytes. Returns a cudaError_t; stream is a cudaStream_t. */
int serrate_gdpa_relu_square_f16_d64(const struct serrate_gdpa_relu_square_params* params, unsigned max_tiles, void* stream);
/* bf16, head dim 64: cuda/gdpa_relu_square/gdpa_relu_square_bf16_d64.cu. BLOCK_M 64; tiles: 32 + 32 * max_tiles bytes. Returns a cudaError_t; stream is a cudaStream_t. */
int serrate_gdpa_relu_square_bf16_d64(const struct serrate_gdpa_relu_square_params* params, unsigned max_tiles, void* stream);

#ifdef __cplusplus
}
#endif
#endif
