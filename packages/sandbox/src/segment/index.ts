export {
  type AccountSource,
  type AccountSpace,
  type OAuthApplication,
  type PublicApiToken,
  type SegmentAccount,
  segmentDefaults,
} from './account.ts'
export { segmentCoverage } from './coverage.ts'
export type { SegmentAudienceState, SegmentProfileState, SegmentState } from './inspect.ts'
export type { SeedAudience, SeedProfile, SegmentSeed } from './seed.ts'
export { createSegmentSimulator } from './simulator.ts'
export { startSegmentSandbox } from './start.ts'
