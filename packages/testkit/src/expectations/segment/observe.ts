import type { Value, Values } from '@tripline/model'
import { createPictureBuilder } from '../picture-builder.ts'
import type { Picture } from '../picture.ts'
import { consentEvent } from './expect.ts'
import { nameOf } from './identities.ts'

/** The parts of the simulator's state that are read; it is plain data, in Segment's own words. */
interface State {
  readonly messages: readonly {
    readonly type: string
    readonly userId?: string
    readonly anonymousId?: string
    readonly event?: string
    readonly name?: string
    readonly properties?: Values
    readonly context: Values
    readonly originalTimestamp: string
  }[]
  readonly profiles: readonly {
    readonly id: string
    readonly collection: 'users' | 'accounts'
    readonly traits: Values
    readonly externalIds: readonly { readonly type: string; readonly id: string }[]
    readonly links: readonly string[]
    readonly consent: Readonly<Record<string, Value>>
  }[]
  readonly audiences: readonly { readonly key: string }[]
}
const kinds: Readonly<Record<string, string>> = {
  user_id: 'user',
  anonymous_id: 'anonymous',
  email: 'email',
  group_id: 'group',
}

/** What the simulator of Segment holds: events as messages, everything else as profiles. */
export function observeSegment(state: unknown): Picture {
  const { messages, profiles, audiences } = state as State
  // Segment computes these itself, and writes them on everybody.
  const computed = new Set(audiences.map(({ key }) => key))
  const picture = createPictureBuilder('segment')
  for (const {
    type,
    userId,
    anonymousId,
    event,
    name,
    properties = {},
    context,
    originalTimestamp,
  } of messages) {
    if ((type !== 'track' && type !== 'page' && type !== 'screen') || event === consentEvent) continue
    const { library: _, ...rest } = context
    picture.addEvent({
      person: userId === undefined ? `anonymous:${anonymousId ?? ''}` : `user:${userId}`,
      name: `${type} ${event ?? name ?? ''}`,
      at: originalTimestamp,
      properties: { ...properties, ...(Object.keys(rest).length > 0 && { '(context)': rest }) },
    })
  }
  const names = new Map(
    profiles.map(({ id, externalIds }) => [
      id,
      nameOf(new Set(externalIds.map((one) => `${kinds[one.type] ?? one.type}:${one.id}`))),
    ]),
  )
  for (const { id, collection, traits, links, consent } of profiles) {
    const name = names.get(id) ?? id
    for (const [trait, value] of Object.entries(traits))
      if (!computed.has(trait)) picture.setFact(name, trait, [value])
    for (const [category, value] of Object.entries(consent))
      picture.setFact(name, `consent ${category}`, [value])
    if (collection === 'users')
      for (const link of links)
        picture.setFact(name, `in group ${names.get(link)?.slice('group:'.length) ?? link}`, [true])
  }
  return picture.build()
}
