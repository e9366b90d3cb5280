export { snake } from '../ir/names.ts'
