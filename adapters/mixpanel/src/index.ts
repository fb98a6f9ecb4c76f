export { mixpanelCapabilities } from './capabilities.ts'
export { createMixpanel } from './connector.ts'
export { mixpanelLimits } from './limits.ts'
export type { MixpanelOptions } from './options.ts'
