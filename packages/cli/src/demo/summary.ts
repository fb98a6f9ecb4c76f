import type { CallCount, Limit } from '@tripline/model'
import type { Vendor } from '../config/vendors.ts'
import type { Assignment } from './assign.ts'
import type { Compared } from './compare-vendor.ts'
import type { CallCounter } from './count-calls.ts'
import { countOutcomes, sum, type Outcomes, type Reasons } from './count-outcomes.ts'
import type { Delivered } from './deliver-all.ts'
import type { Difference } from './difference.ts'
import { leastCalls } from './least-calls.ts'
import type { Intake } from './take-in.ts'
import { batchItems, type Written } from './write-vendor.ts'

/** The row of one vendor. `given` = `notRouted` + `stored` + `unchanged` + `lost` + `unknown` + `dead` + `undelivered`. */
export interface VendorResult extends Outcomes {
  readonly vendor: Vendor
  readonly given: number
  readonly notRouted: Reasons
  readonly calls: {
    readonly write: number
    readonly lookup: number
    readonly schema: number
    /** For reading back. */
    readonly read: number
    readonly retries: number
    /** The fewest requests that the writes fit into, worked out without the connector. */
    readonly least: number
    readonly byEndpoint: readonly CallCount[]
  }
  readonly segment: { readonly id: string; readonly manual: readonly string[] }
  /** What the comparison looked at. */
  readonly compared: {
    /** Events that must be there at least, and events that are. */
    readonly eventsExpected: number
    readonly eventsFound: number
    /** Events that may be there beyond those due: what was delivered perhaps twice, or unknown. */
    readonly eventsInDoubt: number
    /** Attributes, memberships, consent, looked at in the simulator's state. */
    readonly facts: number
    /** Through the vendor's API. */
    readonly profiles: number
    readonly members: number
  }
  /** Faults that the simulator showed, by kind. */
  readonly faults: Reasons
  readonly equal: boolean
  /** All of them; the first are listed. */
  readonly differenceCount: number
  readonly differences: readonly Difference[]
  readonly seconds: number
}
/** What the demo prints. */
export interface DemoResult {
  readonly messages: Intake['messages']
  readonly seconds: number
  readonly peakMemoryMb: number
  readonly vendors: readonly VendorResult[]
  /** Addresses of the simulators, when they stay up. */
  readonly kept?: Readonly<Partial<Record<Vendor, string>>>
}

export interface Findings {
  readonly vendor: Vendor
  readonly limits: readonly Limit[]
  readonly assignment: Assignment
  readonly written: Written
  readonly comparison: Compared
  readonly counter: CallCounter
  readonly faultsShown: Reasons
}

export function summarise(findings: Findings): VendorResult {
  const { vendor, limits, assignment, written, comparison, counter, faultsShown } = findings
  const { delivered, calls } = written.delivery
  const { differences, counts, eventsInDoubt, profilesRead, membersRead } = comparison
  const notRouted: Reasons = {
    ...assignment.notRouted,
    ...(written.strangers > 0 && { 'memberships of people who are not there': written.strangers }),
  }
  const count = (purpose: CallCount['purpose']): number =>
    calls.reduce((all, call) => all + (call.purpose === purpose ? call.count : 0), 0)
  return {
    vendor,
    given: delivered.length + sum(notRouted),
    notRouted,
    ...countOutcomes(delivered),
    calls: {
      write: count('write'),
      lookup: count('lookup'),
      schema: count('schema') + counter.count('schema'),
      read: counter.count('read'),
      retries: calls.reduce((all, { retries }) => all + retries, counter.retries('schema')),
      least: leastCalls(vendor, batchesOf(delivered), limits, calls),
      byEndpoint: calls,
    },
    segment: { id: written.segment.segment.id, manual: written.segment.manual },
    compared: {
      eventsExpected: counts.eventsExpected,
      eventsFound: counts.eventsFound,
      eventsInDoubt,
      facts: counts.facts,
      profiles: profilesRead,
      members: membersRead,
    },
    faults: faultsShown,
    equal: differences.total === 0,
    differenceCount: differences.total,
    differences: differences.listed,
    seconds: written.seconds,
  }
}

/** As they were given to the connector, but for what had to be given again. */
function* batchesOf(delivered: readonly Delivered[]): Generator<readonly Delivered[], void, undefined> {
  for (let from = 0; from < delivered.length; from += batchItems)
    yield delivered.slice(from, from + batchItems)
}
