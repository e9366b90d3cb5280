import type { ReportData } from '../../report/index.ts'
import type { Measurement } from '../../tune/index.ts'

const measured = (block_n: number, more: Partial<Measurement>): Measurement => ({ schedule: { template: 'wgsl_fma', values: { block_m: 32, block_n } }, source: 's', status: 'ok', times: [], ...more })

export const wgsl = `// header
struct Seq { q_len: i32 }

// causal.ts:2
// (_b, _h, q, kv) => kv <= q
fn mask_mod(b: i32, h: i32, q: i32, kv: i32, seq: Seq) -> bool {
  return kv <= q;
}

/* a comment
   of two lines */
fn attention() {
  if (mask_mod(0, 0, 1, 2, seq) && 1.5f < 2.0f) { }
}
`

/** A page with every section. */
export const data: ReportData = {
  title: 'A <report> & more', summary: 'One sentence.', tool: 'serrate 9', figures: [{ label: 'verified', value: '8 of 8' }],
  device: { name: 'Toy GPU', backend: 'webgpu', software: true, details: ['16 KiB'] },
  lengths: { name: 'Toy histories', values: [1, 2, 4, 8, 100, 0, 16, 16] },
  tileMaps: [{
    kernel: 'causal', explanation: 'As kv grows, `kv <= q` can only turn false.', blockM: 4, blockN: 8, sequences: 8, longest: 100, padded: 2600, counts: { executed: 100, full: 70, partial: 30, empty: 50 },
    drawn: [{ length: 10, rows: [['partial', 'empty'], ['full', 'partial'], ['full', 'partial']] }, { length: 3, rows: [['full']] }],
  }],
  tuning: [{
    kernel: 'causal', device: 'Toy GPU', problem: 'f32, head dim 16', points: 1152, infeasible: { 'workgroup memory': 812, divisibility: 38 }, end: 'every feasible point was tried',
    measurements: [measured(16, { ms: 4 }), measured(8, { ms: 2.5 }), measured(32, { ms: 9, status: 'slow' }), measured(64, { status: 'wrong', reason: 'out is off by 0.5' }), measured(4, { status: 'failed', stage: 'load', reason: 'the driver refused it' })],
  }],
  errors: [
    { kernel: 'causal', target: 'wgsl', dtype: 'f32', headDim: 16, max: 1e-6, allowed: 4e-6, ok: true },
    { kernel: 'hstu', target: 'cuda-cpu', dtype: 'f16', headDim: 64, max: null, allowed: 1e-3, ok: false },
    { kernel: 'alibi', target: 'cuda', dtype: 'bf16', headDim: 64, max: 3e-3, allowed: 1e-3, ok: false },
  ],
  sources: [{ definition: 'causal', hooks: [{ name: 'mask_mod', file: 'causal.ts', line: 2, text: '(_b, _h, q, kv) => kv <= q' }], emitted: [{ label: 'WGSL f32', language: 'wgsl', text: wgsl }, { label: 'CUDA f32', language: 'cuda', text: '__device__ bool mask_mod(int q, int kv) {\n  return kv <= q;\n}\n' }] }],
}
