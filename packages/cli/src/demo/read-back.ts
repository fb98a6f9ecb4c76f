import type { Connector, Field, Identity, Member, Page, SegmentRef, Value, Values } from '@tripline/model'
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

export interface ProfilesRead {
  /** How many are there. */
  readonly count: number
  /** The vendor's own id of a person → ours. */
  readonly userIds: ReadonlyMap<string, string>
}

/** Reads everybody who must be there by id and compares trait by trait. */
export async function compareProfiles(expected: ExpectedTraits, options: ReadBack): Promise<ProfilesRead> {
  const { connector, vendor, fields, report, signal } = options
  const who = [...expected.keys()].map((userId): Identity => ({ userId }))
  const query = { mode: 'ids', who, fields: fields.map(({ name }) => name) } as const
  const asked = new Set(expected.keys())
  const userIds = new Map<string, string>()
  let count = 0
  for await (const page of connector.readProfiles(query, { signal })) {
    for (const row of page.items) {
      const userId = row.who.userId ?? ''
      const traits = expected.get(userId)
      if (!traits || !asked.delete(userId)) {
        report(strange('profiles', userId, row.kind))
        continue
      }
      const vendorId = row.who.vendorIds?.[vendor]
      if (vendorId !== undefined) userIds.set(vendorId, userId)
      if (row.kind === 'profile') {
        count++
        compareTraits(userId, traits, row.traits, options)
      } else report({ ...strange('profiles', userId, row.kind), expected: 'profile' })
    }
  }
  for (const userId of asked)
    report({ seenBy: 'profiles', person: userId, what: 'row', expected: 'profile', found: undefined })
  return { count, userIds }
}

function compareTraits(
  person: string,
  expected: ReadonlyMap<string, ExpectedTrait>,
  found: Values,
  { vendor, fields, report }: ReadBack,
): void {
  for (const field of fields) {
    const trait = expected.get(field.name)
    const value: Value | undefined = found[field.name]
    if (sameTrait(vendor, field, trait, value)) continue
    report({ seenBy: 'profiles', person, what: `trait ${field.name}`, expected: trait?.value, found: value })
  }
}

const strange = (seenBy: Difference['seenBy'], person: string, found: string): Difference => ({
  seenBy,
  person,
  what: 'row',
  expected: undefined,
  found,
})

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
