export { hubspotDefaults, type HubspotAccount } from './account.ts'
export { hubspotCoverage } from './coverage.ts'
export { startHubspotSandbox } from './start.ts'
export type { HubspotSeed, HubspotState } from './state.ts'
