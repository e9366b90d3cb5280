/** max(x, 0). */
export const relu = (x: number): number => Math.max(x, 0)
/** 1 / (1 + e^-x). */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
/** x · sigmoid(x) (HSTU's activation). */
export const silu = (x: number): number => x / (1 + Math.exp(-x))
/** 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))). */
export const gelu = (x: number): number => 0.5 * x * (1 + Math.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))
/** x limited to [low, high]: max(low, min(x, high)). */
export const clamp = (x: number, low: number, high: number): number => Math.max(low, Math.min(x, high))
/** Integer quotient, rounded down; 0 where the divisor is 0. */
export const floorDiv = (x: number, y: number): number => (y === 0 ? 0 : Math.floor(x / y))
/** x - y · floorDiv(x, y): has the divisor's sign; x where the divisor is 0. */
export const mod = (x: number, y: number): number => x - y * floorDiv(x, y)
