import type { DeviceInfo } from '../runtime/device.ts'

/** Milliseconds of load before launches are timed. An H100 that was idle ran attention at a fifth of its speed for the first 0.1 to 0.5 s; a device in software has no clock to raise. */
export const warmMsOf = ({ software }: Pick<DeviceInfo, 'software'>): number => (software ? 0 : 500)
