import type { Timing } from '../device.ts'
import type { Driver, Handle } from './driver.ts'

export interface Timed extends Timing {
  readonly driver: Driver
  readonly launch: () => void
  /** Device memory, at least twice the L2 cache, overwritten before each launch so that it starts with a cold cache. */
  readonly flush: { readonly pointer: Handle; readonly bytes: number }
}

/** At least `warmup` launches, and as many as keep the device busy for `warmMs`. */
const warm = ({ driver, launch, warmup, warmMs = 0 }: Timed): void => {
  for (let i = 0; i < warmup; i++) launch()
  const end = performance.now() + warmMs
  while (performance.now() < end) {
    launch()
    driver.must('contextSynchronize')
  }
}

/** Milliseconds of each launch between two events on the default stream. */
export const timeLaunches = (timed: Timed): readonly number[] => {
  const { driver, launch, flush, iterations } = timed
  warm(timed)
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
