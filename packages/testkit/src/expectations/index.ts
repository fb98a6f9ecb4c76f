import { expectBraze } from './braze/expect.ts'
import { observeBraze } from './braze/observe.ts'
import { expectHubSpot } from './hubspot/expect.ts'
import { observeHubSpot } from './hubspot/observe.ts'
import { expectIntercom } from './intercom/expect.ts'
import { observeIntercom } from './intercom/observe.ts'
import { expectMixpanel } from './mixpanel/expect.ts'
import { observeMixpanel } from './mixpanel/observe.ts'
import { expectSegment } from './segment/expect.ts'
import { observeSegment } from './segment/observe.ts'

export type { ExpectedAccount } from './account.ts'
export { expectBraze, type ExpectedBrazeAccount } from './braze/expect.ts'
export { observeBraze } from './braze/observe.ts'
export { comparePictures, type Comparison, type Difference } from './compare-pictures.ts'
export { expectHubSpot, type ExpectedHubSpotAccount } from './hubspot/expect.ts'
export { observeHubSpot, type HubSpotIdProperties } from './hubspot/observe.ts'
export { expectIntercom, type ExpectedIntercomAccount } from './intercom/expect.ts'
export { observeIntercom } from './intercom/observe.ts'
export { expectMixpanel, type ExpectedMixpanelAccount } from './mixpanel/expect.ts'
export { observeMixpanel } from './mixpanel/observe.ts'
export type { Delivered, EventCount, Picture, PictureEvent } from './picture.ts'
export { expectSegment, type ExpectedSegmentAccount } from './segment/expect.ts'
export { observeSegment } from './segment/observe.ts'

/**
 * By vendor: what must be stored, and what is.
 * @example
 * const { expect, observe } = expectations.braze
 * const { differences } = comparePictures(expect(delivered, account), observe(await sandbox.inspect()))
 */
export const expectations = {
  segment: { expect: expectSegment, observe: observeSegment },
  mixpanel: { expect: expectMixpanel, observe: observeMixpanel },
  hubspot: { expect: expectHubSpot, observe: observeHubSpot },
  braze: { expect: expectBraze, observe: observeBraze },
  intercom: { expect: expectIntercom, observe: observeIntercom },
} as const

export { leastCalls, roomOf, type PlannedItem, type PlannedWrite, type RequestRoom } from '../least-calls.ts'
