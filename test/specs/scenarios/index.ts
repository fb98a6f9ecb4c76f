import type { Vendor } from '../../../scripts/workspace.ts'
import { braze } from './braze.ts'
import { hubspot } from './hubspot.ts'
import { intercom } from './intercom.ts'
import { mixpanel } from './mixpanel.ts'
import type { Scenario } from './scenario.ts'
import { segment } from './segment.ts'

export const scenarios: Readonly<Record<Vendor, Scenario>> = { segment, mixpanel, hubspot, braze, intercom }
