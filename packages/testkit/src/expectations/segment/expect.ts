import type { ConsentItem, EventItem, Identity, Item, Value, Values } from '@tripline/model'
import { isoOf, type ExpectedAccount } from '../account.ts'
import { certaintyOf } from '../certainty.ts'
import { openLossBook, type LossBook } from '../loss-book.ts'
import { setFact } from '../people.ts'
import { createPictureBuilder } from '../picture-builder.ts'
import type { Delivered, Picture, PictureEvent } from '../picture.ts'
import { createProfiles, type MessageIds, type Profiles } from './identities.ts'

/** Carries consent; `context.consent` is what counts of it. */
export const consentEvent = 'Segment Consent Preference Updated'
export type ExpectedSegmentAccount = ExpectedAccount

/** What Segment must hold after these deliveries, in its messages and in the profiles of a space. See `expectBraze`. */
export function expectSegment(
  delivered: readonly Delivered[],
  account: ExpectedSegmentAccount = {},
): Picture {
  const profiles = createProfiles()
  const picture = createPictureBuilder('segment')
  for (const { item, result } of delivered) {
    const certainty = certaintyOf(result, 'harmless')
    if (!certainty) continue
    const book = openLossBook(result.losses)
    if (item.kind === 'event') picture.addEvent(eventOf(item, book, account), certainty)
    apply(profiles, item, { book, account, isSure: certainty.least > 0 })
  }
  for (const { name, facts } of profiles.people.all())
    for (const [what, values] of facts) picture.setFact(name, what, values)
  return picture.build()
}

const nameOf = ({ userId, anonymousId }: Identity): string =>
  userId === undefined ? `anonymous:${anonymousId ?? ''}` : `user:${userId}`

function eventOf(
  { who, event, at, backfill }: EventItem,
  book: LossBook,
  account: ExpectedAccount,
): PictureEvent {
  const { eventNames = {} } = account
  const name = (event.type === 'track' && eventNames[event.event]) || event.event
  const muted = backfill && book.has('renamed', 'event.event') ? ' (backfill)' : ''
  const properties: Record<string, Value> = { ...without(event.properties, 'event.properties', book) }
  const context = without(event.context ?? {}, 'event.context', book)
  if (Object.keys(context).length > 0) properties['(context)'] = context
  return { person: nameOf(who), name: `${event.type} ${name}${muted}`, at: isoOf(at), properties }
}
const without = (values: Values, path: string, book: LossBook): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !book.dropped(`${path}.${name}`)))

interface Telling {
  readonly book: LossBook
  readonly account: ExpectedAccount
  readonly isSure: boolean
}
function apply(profiles: Profiles, item: Item, { book, account, isSure }: Telling): void {
  const set = (ids: MessageIds, values: Values): void => {
    const person = profiles.resolve(ids)
    for (const [name, value] of Object.entries(values)) if (person) setFact(person, name, value, isSure)
  }
  switch (item.kind) {
    case 'event':
      set(item.who, {})
      break
    case 'profile': {
      const traits = renamed(without(item.set, 'set', book), account)
      set({ ...idsOf(item.who), email: emailOf(traits) }, traits)
      break
    }
    case 'link':
      set({ userId: item.known.userId, anonymousId: item.other.anonymousId }, {})
      break
    case 'membership':
      set(idsOf(item.who), { [item.segment.id]: item.member })
      break
    case 'consent':
      setConsent(profiles, item, isSure)
      break
    case 'group': {
      const group = profiles.people.get(`group:${item.groupId.toLowerCase()}`)
      for (const [name, value] of Object.entries(renamed(without(item.set, 'set', book), account)))
        setFact(group, name, value, isSure)
      if (item.member) set(idsOf(item.member), { [`in group ${item.groupId.toLowerCase()}`]: true })
    }
  }
}

/** Names of the consent categories a space knows, by its profiles. */
const categoriesOf = new WeakMap<Profiles, Set<string>>()
/** An act writes all categories: those that it does not name become false, unless acts of one call were sent as one. */
function setConsent(profiles: Profiles, { who, channel, topic, state }: ConsentItem, isSure: boolean): void {
  const person = profiles.resolve(idsOf(who))
  const named = `consent ${topic === undefined ? channel : `${channel}_${topic}`}`
  const known = categoriesOf.get(profiles) ?? new Set<string>()
  categoriesOf.set(profiles, known.add(named))
  if (!person) return
  for (const category of known)
    if (category === named) setFact(person, category, state === 'granted', isSure)
    else setFact(person, category, false, false)
}

const idsOf = ({ userId, anonymousId }: Identity): MessageIds => ({ userId, anonymousId })
const emailOf = ({ email }: Values): string | undefined => (typeof email === 'string' ? email : undefined)
const renamed = (values: Values, { fieldNames = {} }: ExpectedAccount): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [fieldNames[name] ?? name, value]))
