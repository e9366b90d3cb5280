/** Bytes of dynamic shared memory that a CUDA kernel has without asking for more. */
export const FREE_SHARED = 48 * 1024
