import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { DeviceInfo } from '../device.ts'

/** An open Dawn device, and what it said outside any error scope since it was last asked. */
export class OpenDevice {
  readonly gpu: GPUDevice
  readonly info: DeviceInfo
  /** How long one launch may take. */
  readonly launchSeconds: number
  #stalled = false
  #closed = false
  #lost: string | undefined
  #stray: string[] = []

  constructor(gpu: GPUDevice, info: DeviceInfo, launchSeconds: number) {
    this.gpu = gpu
    this.info = info
    this.launchSeconds = launchSeconds
    gpu.addEventListener('uncapturederror', (event) => { this.#stray.push((event as GPUUncapturedErrorEvent).error.message) })
    void gpu.lost.then((reason) => { if (!this.#closed) this.#lost = reason.message || reason.reason })
  }

  /** Throws SR4018 closed, SR4014 lost, SR4015 an error that no scope caught. */
  ensure(what: string): void {
    const device = this.info.name
    if (this.#closed) fail('SR4018', { device })
    if (this.#lost !== undefined) fail('SR4014', { device, reason: this.#lost })
    const reason = this.#stray.splice(0).join('; ')
    if (reason) fail('SR4015', { device, what, reason })
  }

  get stalled(): boolean {
    return this.#stalled
  }

  /** After a launch that does not end the device is as good as lost. */
  stall(reason: string): void {
    this.#stalled = true
    this.#lost = reason
  }

  /** Destroying a device waits for its launches, so a stalled one is left alone. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    if (!this.#stalled) this.gpu.destroy()
  }
}
