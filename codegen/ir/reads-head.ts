import type { Algorithm } from './algorithm.ts'
import { type Hook, topological } from './hook.ts'

/** Whether a hook may differ between heads: it reads `h`, or a capture that heads have of their own. */
export const readsHead = ({ captures }: Pick<Algorithm, 'captures'>, hook: Hook | undefined): boolean => {
  const own = new Set(captures.filter((c) => c.kind === 'perHead' || c.perHead).map((c) => c.name))
  return hook !== undefined && topological(hook.body).some((e) => (e.kind === 'param' && e.name === 'h') || ((e.kind === 'capture' || e.kind === 'table') && own.has(e.name)))
}
