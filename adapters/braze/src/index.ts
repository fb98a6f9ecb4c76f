export { brazeCapabilities } from './capabilities.ts'
export { createBraze } from './connector.ts'
export { brazeLimits } from './limits.ts'
export type { BrazeOptions } from './options.ts'
