export { brazeDefaults, type BrazeAccount, type BrazeApiKey } from './account.ts'
export { brazeCoverage } from './coverage.ts'
export { createBrazeSimulator } from './simulator.ts'
export { startBrazeSandbox } from './start.ts'
export type {
  BrazeAlias,
  BrazeCampaign,
  BrazeCanvas,
  BrazeCustomAttribute,
  BrazeEvent,
  BrazeExport,
  BrazeProfile,
  BrazePurchase,
  BrazeSeed,
  BrazeSegment,
  BrazeSend,
  BrazeState,
  BrazeSubscriptionGroup,
  BrazeTally,
  BrazeUnsent,
} from './state.ts'
