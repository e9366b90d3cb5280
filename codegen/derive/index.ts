export { deriveGradients } from './gradients.ts'
