/** Kernel text uses snake_case for the author's camelCase names. */
export const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
