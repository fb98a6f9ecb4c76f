import { TriplineError, type Field, type Instant, type Value } from '@tripline/model'
import { comparePictures, expectations, type Comparison } from '@tripline/testkit/expectations'
import { allowRepeats } from './allow-repeats.ts'
import { createDifferences, type Difference, type Differences } from './difference.ts'
import { expectMembers, expectTraits } from './expected-traits.ts'
import { compareMembers, compareProfiles, type ProfilesRead, type ReadBack } from './read-back.ts'
import type { Written } from './write-vendor.ts'
import type { Place } from './world.ts'

/** What was found at one vendor, seen in its state and through its API. */
export interface Compared {
  readonly differences: Differences
  readonly counts: Comparison['counts']
  /** Events that may be there beyond those due: lost answers, unknown outcomes. */
  readonly eventsInDoubt: number
  readonly profilesRead: number
  readonly membersRead: number
}
export interface CompareOptions {
  readonly written: Written
  /** The world's time before anything was written. */
  readonly startAt: Instant
  readonly signal: AbortSignal
}

export async function compareVendor(place: Place, options: CompareOptions): Promise<Compared> {
  const { vendor, connector, sandbox, counter, membersBy, readModes, settings } = place
  const { written, startAt, signal } = options
  const { delivered, halt } = written.delivery
  const differences = createDifferences()
  const { add: report } = differences
  counter.phase = 'read'
  const traits = expectTraits(delivered)
  const fields = settings.fields.filter(isReadBack)
  const reading = { vendor, connector, fields, report, signal }
  const { count, userIds } = await orReport(
    compareProfiles(traits, readModes, startAt, reading),
    nothingRead,
    reading,
  )
  const members = expectMembers(delivered)
  const memberRead = {
    ...reading,
    segment: written.segment.segment,
    expected: members,
    by: membersBy,
    userIds,
  }
  const membersRead = await orReport(compareMembers(memberRead), 0, reading)
  const { expect, observe } = expectations[vendor]
  const { picture, most } = allowRepeats(expect(delivered, settings))
  const comparison = comparePictures(picture, observe(await sandbox.inspect()))
  for (const difference of comparison.differences) report({ seenBy: 'inspection', ...difference })
  differences.skip(comparison.total - comparison.differences.length)
  const { eventsExpected, eventsFound } = comparison.counts
  if (comparison.isEqual && eventsFound - eventsExpected > most)
    report(differenceOf('events in all', eventsExpected + most, eventsFound))
  const undelivered = delivered.filter(({ result }) => result.outcome.status === 'retry').length
  if (undelivered > 0) report(differenceOf('items never delivered', 0, undelivered))
  if (halt) report(differenceOf(`halt of ${halt.what}`, undefined, halt.fault.message))
  return { differences, counts: comparison.counts, eventsInDoubt: most, profilesRead: count, membersRead }
}

const nothingRead: ProfilesRead = { count: 0, userIds: new Map() }

/** A vendor that refuses to be read is a difference; the others go on. */
async function orReport<T>(reading: Promise<T>, nothing: T, { report, signal }: ReadBack): Promise<T> {
  try {
    return await reading
  } catch (error) {
    if (signal.aborted || !TriplineError.is(error)) throw error
    report(differenceOf('reading', undefined, error.fault.message))
    return nothing
  }
}

/** Objects are taken apart here and kept whole there; the inspection sees their parts. */
const isReadBack = ({ of, name, type }: Field): boolean =>
  of === 'user' && type !== 'object' && !name.includes('.')

const differenceOf = (what: string, expected: Value | undefined, found: Value): Difference => ({
  seenBy: 'delivery',
  person: '',
  what,
  expected,
  found,
})
