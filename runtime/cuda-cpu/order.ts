import type { Policy } from './job.ts'

/** The environment variable that names the order in which threads run: `random:7` is the policy and its seed. */
export const ORDER = 'SERRATE_CUDA_CPU_ORDER'

export const orderFrom = (env: NodeJS.ProcessEnv): { readonly policy: Policy; readonly seed: number } => {
  const [policy, seed] = (env[ORDER] || 'in-order').split(':')
  return { policy: policy as Policy, seed: Number(seed ?? 1) >>> 0 }
}
