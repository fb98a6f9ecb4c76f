import { paginate, type Session } from '@tripline/kit'
import {
  TriplineError,
  type Call,
  type Identity,
  type Page,
  type ProfileRow,
  type Query,
} from '@tripline/model'
import { mixpanelCapabilities } from './capabilities.ts'
import type { MixpanelClient } from './client.ts'
import { createIdentifier, identityOf, isFault } from './mapping/identifier.ts'
import { createProfileMapper, type ProfileMapper } from './mapping/profiles.ts'
import type { MixpanelOptions } from './options.ts'
import { maxIdsPerQuery, readAllPages, readByIds } from './profile-query.ts'

export function createReadProfiles(
  options: MixpanelOptions,
  client: MixpanelClient,
): (query: Query, call?: Call) => AsyncIterable<Page<ProfileRow>> {
  const profiles = createProfileMapper(options)
  const mode = options.identityMode ?? 'simplified'
  return async function* (query, call) {
    if (query.mode === 'since')
      throw new TriplineError('mixpanel', {
        code: 'unsupported',
        message: `${mixpanelCapabilities['read.since'].because}: read all, or by ids`,
      })
    const session = client.transport.session(call)
    try {
      if (query.mode === 'ids') yield* readIds(options, client, session, profiles, query)
      else {
        const outputProperties = query.fields.map((name) => profiles.vendorName(name))
        yield* readAllPages(client, session, { outputProperties }, query.resume, (found): ProfileRow => ({
          kind: 'profile',
          who: identityOf(found.distinctId, mode),
          traits: profiles.fromProfile(found.properties, query.fields),
        }))
      }
    } finally {
      session.close()
    }
  }
}

/** Mixpanel's ids of identities; undefined for one that has none. */
export function createDistinctIds(options: MixpanelOptions): (who: Identity) => string | undefined {
  const identify = createIdentifier(options.identityMode ?? 'simplified')
  return (who) => {
    const person = identify(who)
    return isFault(person) ? undefined : person.distinctId
  }
}

async function* readIds(
  options: MixpanelOptions,
  client: MixpanelClient,
  session: Session,
  profiles: ProfileMapper,
  query: Extract<Query, { mode: 'ids' }>,
): AsyncGenerator<Page<ProfileRow>, void, undefined> {
  const mode = options.identityMode ?? 'simplified'
  const distinctIdOf = createDistinctIds(options)
  const outputProperties = query.fields.map((name) => profiles.vendorName(name))
  const readPage = async (from: number) => {
    const who = query.who.slice(from, from + maxIdsPerQuery)
    const asked = [...new Set(who.flatMap((one) => distinctIdOf(one) ?? []))]
    const found = await readByIds(client, session, asked, outputProperties)
    const items = who.map((one): ProfileRow => {
      const distinctId = distinctIdOf(one)
      const properties = distinctId === undefined ? undefined : found.get(distinctId)
      if (distinctId === undefined || !properties) return { kind: 'missing', who: one }
      const traits = profiles.fromProfile(properties, query.fields)
      return { kind: 'profile', who: { ...identityOf(distinctId, mode), ...one }, traits }
    })
    const next = from + maxIdsPerQuery
    return { items, next: next < query.who.length ? next : undefined }
  }
  yield* paginate<ProfileRow, number>(0, readPage, { signal: session.signal })
}
