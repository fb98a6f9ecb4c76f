export { mixpanelDefaults } from './account.ts'
export type {
  MixpanelAccount,
  MixpanelGroupKey,
  MixpanelPlace,
  MixpanelRegion,
  MixpanelServiceAccount,
} from './account.ts'
export { mixpanelCoverage } from './coverage.ts'
export type {
  MixpanelEvent,
  MixpanelGroupProfile,
  MixpanelProfile,
  MixpanelSeed,
  MixpanelState,
} from './inspect.ts'
export type { MixpanelLimits } from './limits.ts'
export { createMixpanelSimulator } from './simulator.ts'
export { startMixpanelSandbox } from './start.ts'
