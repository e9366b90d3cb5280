import type { Driver, Handle } from './driver.ts'

export interface Timed {
  readonly driver: Driver
  readonly launch: () => void
  /** Device memory, at least twice the L2 cache, overwritten before each launch so that it starts with a cold cache. */
  readonly flush: { readonly pointer: Handle; readonly bytes: number }
  readonly warmup: number
  readonly iterations: number
}

/** Milliseconds of each launch between two events on the default stream. */
export const timeLaunches = ({ driver, launch, flush, warmup, iterations }: Timed): readonly number[] => {
  for (let i = 0; i < warmup; i++) launch()
  const events: Handle[] = []
  try {
    for (let i = 0; i < 2 * iterations; i++) events.push(driver.get<Handle>('eventCreate', 0))
    for (let i = 0; i < iterations; i++) {
      driver.must('fill', flush.pointer, i, Math.floor(flush.bytes / 4), null)
      driver.must('eventRecord', events[2 * i], null)
      launch()
      driver.must('eventRecord', events[2 * i + 1], null)
    }
    driver.must('contextSynchronize')
    return Array.from({ length: iterations }, (_, i) => driver.get('eventElapsed', events[2 * i], events[2 * i + 1]))
  } finally {
    for (const event of events) driver.try('eventDestroy', event)
  }
}
