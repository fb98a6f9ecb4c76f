import type {
  Connector,
  Field,
  Identity,
  Instant,
  Member,
  Page,
  Query,
  SegmentRef,
  Value,
  Values,
} from '@tripline/model'
import type { Vendor } from '../config/vendors.ts'
import type { Difference } from './difference.ts'
import type { ExpectedTrait, ExpectedTraits } from './expected-traits.ts'
import { sameTrait } from './same-trait.ts'

export interface ReadBack {
  readonly vendor: Vendor
  readonly connector: Connector
  readonly fields: readonly Field[]
  readonly report: (difference: Difference) => void
  readonly signal: AbortSignal
}

/** How profiles can be read: of given people, of everybody, of those that changed since. */
export type ReadMode = Query['mode']
export interface ProfilesRead {
  /** How many are there, over all ways of reading. */
  readonly count: number
  /** The vendor's own id of a person → ours. */
  readonly userIds: ReadonlyMap<string, string>
}

/**
 * Reads everybody who must be there, in each of the ways, and compares trait by trait.
 * @param from a moment before the first write
 */
export async function compareProfiles(
  expected: ExpectedTraits,
  modes: readonly ReadMode[],
  from: Instant,
  options: ReadBack,
): Promise<ProfilesRead> {
  const userIds = new Map<string, string>()
  const fields = options.fields.map(({ name }) => name)
  let count = 0
  for (const mode of expected.size === 0 ? [] : modes) {
    const found = await readTraits(expected, queryOf(mode, fields, expected, from), userIds, options)
    count += found.size
    for (const [userId, traits] of expected) {
      const read = found.get(userId)
      if (read) compareTraits(mode, userId, traits, read, options)
      else options.report(missing(mode, userId))
    }
  }
  return { count, userIds }
}

function queryOf(mode: ReadMode, fields: readonly string[], expected: ExpectedTraits, from: Instant): Query {
  if (mode === 'all') return { mode, fields }
  if (mode === 'since') return { mode, fields, from }
  return { mode, fields, who: [...expected.keys()].map((userId): Identity => ({ userId })) }
}

/** The traits of everybody who must be there; a later row of a person replaces the earlier one. */
async function readTraits(
  expected: ExpectedTraits,
  query: Query,
  userIds: Map<string, string>,
  { connector, vendor, report, signal }: ReadBack,
): Promise<ReadonlyMap<string, Values>> {
  const found = new Map<string, Values>()
  for await (const page of connector.readProfiles(query, { signal })) {
    for (const row of page.items) {
      const userId = row.who.userId ?? ''
      const isTwice = query.mode === 'ids' && found.has(userId)
      if (row.kind === 'profile' && expected.has(userId) && !isTwice) {
        found.set(userId, row.traits)
        const vendorId = row.who.vendorIds?.[vendor]
        if (vendorId !== undefined) userIds.set(vendorId, userId)
      } else if (query.mode === 'ids')
        report({ ...missing('ids', userId), expected: undefined, found: row.kind })
    }
  }
  return found
}

const missing = (mode: ReadMode, person: string): Difference => ({
  seenBy: 'profiles',
  person,
  what: `row, read ${mode}`,
  expected: 'profile',
  found: undefined,
})

function compareTraits(
  mode: ReadMode,
  person: string,
  expected: ReadonlyMap<string, ExpectedTrait>,
  found: Values,
  { vendor, fields, report }: ReadBack,
): void {
  for (const field of fields) {
    const trait = expected.get(field.name)
    const value: Value | undefined = found[field.name]
    if (sameTrait(vendor, field, trait, value)) continue
    report({
      seenBy: 'profiles',
      person,
      what: `trait ${field.name}, read ${mode}`,
      expected: trait?.value,
      found: value,
    })
  }
}

export interface MemberRead extends ReadBack {
  readonly segment: SegmentRef
  /** Everybody who must be a member (true) or must not be (false). */
  readonly expected: ReadonlyMap<string, boolean>
  /** Whether the vendor can list all members of this form, or only tell of given people. */
  readonly by: 'all' | 'ids'
  /** The vendor's own id of a person → ours, for members that it names by its own id only. */
  readonly userIds: ReadonlyMap<string, string>
}

/** Reads the segment's members through the vendor's API and compares. @returns how many are members */
export async function compareMembers(options: MemberRead): Promise<number> {
  const { connector, vendor, segment, expected, by, userIds, report, signal } = options
  const who = [...expected.keys()].map((userId): Identity => ({ userId }))
  const query =
    by === 'all' ? ({ mode: 'all', fields: [] } as const) : ({ mode: 'ids', who, fields: [] } as const)
  const found = new Map<string, boolean>()
  const pages: AsyncIterable<Page<Member>> = connector.segments.members(segment, query, { signal })
  for await (const page of pages)
    for (const row of page.items) {
      const vendorId = row.who.vendorIds?.[vendor] ?? ''
      found.set(row.who.userId ?? userIds.get(vendorId) ?? `${vendor} id ${vendorId}`, row.member)
    }
  for (const userId of new Set([...expected.keys(), ...found.keys()])) {
    const should = expected.get(userId) ?? false
    const is = found.get(userId) ?? false
    if (should !== is)
      report({
        seenBy: 'members',
        person: userId,
        what: `member of ${segment.id}`,
        expected: should,
        found: is,
      })
  }
  return [...found.values()].filter((member) => member).length
}
