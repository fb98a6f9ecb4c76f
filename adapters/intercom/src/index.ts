export { intercomCapabilities } from './capabilities.ts'
export { createIntercom } from './connector.ts'
export { intercomLimits } from './limits.ts'
export type { IntercomOptions } from './options.ts'
