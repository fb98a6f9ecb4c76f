export { hubspotCapabilities } from './capabilities.ts'
export { createHubSpot } from './connector.ts'
export { hubspotLimits } from './limits.ts'
export type { HubSpotOptions } from './options.ts'
