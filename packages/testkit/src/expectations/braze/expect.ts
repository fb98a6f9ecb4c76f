import type { ConsentItem, EventItem, Identity, LinkItem, ProfileItem, Value, Values } from '@tripline/model'
import { contextOf, eventNameOf, isOrder, isoOf, type ExpectedAccount } from '../account.ts'
import { isList, isObject } from '../canonical-text.ts'
import { certaintyOf, type Certainty } from '../certainty.ts'
import { cutToUnits } from '../cut.ts'
import { openLossBook, type LossBook } from '../loss-book.ts'
import { createPeople, setFact, survivor, type People, type Person } from '../people.ts'
import { createPictureBuilder } from '../picture-builder.ts'
import type { Delivered, Picture, PictureEvent } from '../picture.ts'
import { expectOrder } from './orders.ts'
import { attributeForm, kept } from './values.ts'

export interface ExpectedBrazeAccount extends ExpectedAccount {
  /** @default 'ecommerce' */
  readonly orders?: 'ecommerce' | 'purchases' | 'event'
  /** @default 'tripline' */
  readonly ecommerceSource?: string
  /**
   * Copies that an event with `maybeTwice` may have left. More than two only where several answers in a row may be lost,
   * which the results do not say. @default 2
   */
  readonly copies?: number
}
/** Whose events nobody can tell any more: Braze adds them up in the profile that is left. */
export const mergedAway = 'anonymous:(merged)'

/** Reserved names of event properties. https://www.braze.com/docs/api/objects_filters/event_object/ */
const renamedProperties: Readonly<Record<string, string>> = {
  time: 'property_time',
  event_name: 'property_event_name',
}
/** https://www.braze.com/docs/api/objects_filters/user_attributes_object/ */
const ownAttributes: Readonly<
  Record<string, { readonly to: string; readonly form?: (value: Value) => Value }>
> = {
  email: { to: 'email', form: (value) => textOf(value).trim().toLowerCase() },
  phone: { to: 'phone' },
  firstName: { to: 'first_name' },
  lastName: { to: 'last_name' },
  gender: { to: 'gender', form: (value) => genders[textOf(value).toLowerCase()] ?? value },
  birthday: { to: 'dob', form: (value) => textOf(value).slice(0, 10) },
  language: { to: 'language' },
  timeZone: { to: 'time_zone' },
  'address.city': { to: 'home_city' },
  'address.country': { to: 'country', form: (value) => textOf(value).toUpperCase() },
}
const textOf = (value: Value): string => (typeof value === 'string' ? value : JSON.stringify(value))
const genders: Readonly<Record<string, string>> = {
  male: 'M',
  m: 'M',
  female: 'F',
  f: 'F',
  other: 'O',
  o: 'O',
  n: 'N',
  p: 'P',
}
const consentAttributes: Readonly<Record<string, string>> = {
  email: 'email_subscribe',
  push: 'push_subscribe',
}

interface Told {
  readonly event: Omit<PictureEvent, 'person'>
  readonly person: Person
  readonly certainty: Certainty
}
/**
 * What Braze must hold after these deliveries, given in the order in which the items of each lane were settled.
 * From the vendor's rules alone: nothing here is shared with the adapter, so a row that is wrong in one shows.
 */
export function expectBraze(delivered: readonly Delivered[], account: ExpectedBrazeAccount = {}): Picture {
  const people = createPeople()
  const told: Told[] = []
  for (const { item, result } of delivered) {
    const book = openLossBook(result.losses)
    const certainty = certaintyOf(result, item.kind === 'event' ? 'doubles' : 'harmless', account.copies)
    if (!certainty) continue
    const isSure = certainty.least > 0
    switch (item.kind) {
      case 'event':
        for (const event of eventsOf(item, book, account))
          told.push({ event, person: people.get(nameOf(item.who)), certainty })
        break
      case 'profile':
        setAttributes(people, item, book, account, isSure)
        break
      case 'membership':
        setFact(people.get(nameOf(item.who)), item.segment.id, item.member, isSure)
        break
      case 'consent':
        setConsent(people.get(nameOf(item.who)), item, isSure)
        break
      case 'group':
        if (item.member)
          addToList(people.get(nameOf(item.member)), `${item.groupType}_ids`, item.groupId, isSure)
        break
      case 'link':
        if (isSure) link(people, item)
    }
  }
  return pictureOf(people, told)
}

function nameOf({ vendorIds, userId, anonymousId }: Identity): string {
  const brazeId = vendorIds?.['braze']
  if (brazeId !== undefined) return `vendor:${brazeId}`
  return userId === undefined ? `anonymous:${anonymousId ?? ''}` : `user:${userId}`
}

function eventsOf(
  item: EventItem,
  book: LossBook,
  account: ExpectedBrazeAccount,
): Omit<PictureEvent, 'person'>[] {
  const at = book.has('coerced', 'at') ? undefined : isoOf(item.at)
  const order = isOrder(item) ? expectOrder(item, book, account) : undefined
  const context = contextOf(item, book)
  if (order && 'name' in order)
    return [{ name: order.name, at, properties: { ...order.properties, ...context } }]
  if (order)
    return order.purchases.map((values) => ({
      name: '(purchase)',
      at,
      properties: { ...values, ...context },
    }))
  const muted = item.backfill && book.has('renamed', 'event.event') ? ' (backfill)' : ''
  const properties: Record<string, Value> = { ...context }
  for (const [name, value] of Object.entries(item.event.properties)) {
    const path = `event.properties.${name}`
    const to = book.has('renamed', path) ? (renamedProperties[name] ?? name) : name
    const held = book.dropped(`event.properties.${cutToUnits(name, 255)}`)
      ? undefined
      : kept(value, path, book)
    if (held !== undefined) properties[to] = held
  }
  return [{ name: eventNameOf(item.event, account) + muted, at, properties }]
}

function setAttributes(
  people: People,
  { who, set }: ProfileItem,
  book: LossBook,
  account: ExpectedBrazeAccount,
  isSure: boolean,
): void {
  const person = people.get(nameOf(who))
  for (const [name, value] of expandAddress(set)) {
    const path = `set.${name}`
    const own = ownAttributes[name]
    const to = account.fieldNames?.[name] ?? own?.to ?? name.replace(/^\$+/, '')
    if (book.dropped(path)) continue
    const held = value !== null && own ? formed(value, own.form, path, book) : kept(value, path, book)
    if (held !== undefined) setFact(person, to, attributeForm(held), isSure)
  }
}
/** Lower case of an address is Braze's own; every other change of form must be said. */
const formed = (
  value: Value,
  form: ((value: Value) => Value) | undefined,
  path: string,
  book: LossBook,
): Value => (form && (path === 'set.email' || book.changed(path)) ? form(value) : value)

function* expandAddress(set: Values): Generator<readonly [string, Value]> {
  for (const [name, value] of Object.entries(set)) {
    if (name !== 'address' || !isObject(value)) yield [name, value]
    else {
      const { city, country, ...rest } = value
      if (city !== undefined) yield ['address.city', city]
      if (country !== undefined) yield ['address.country', country]
      if (Object.keys(rest).length > 0) yield ['address', rest]
    }
  }
}

/** `opted_in` only with a recorded act. */
function setConsent(person: Person, { channel, topic, state, basis }: ConsentItem, isSure: boolean): void {
  if (topic !== undefined)
    setFact(person, `consent ${topic}`, state === 'granted' ? 'Subscribed' : 'Unsubscribed', isSure)
  else {
    const granted = basis === undefined ? 'subscribed' : 'opted_in'
    setFact(
      person,
      consentAttributes[channel] ?? channel,
      state === 'granted' ? granted : 'unsubscribed',
      isSure,
    )
  }
}

function addToList(person: Person, what: string, entry: string, isSure: boolean): void {
  const before = person.facts.get(what)?.at(-1)
  setFact(person, what, attributeForm([...(isList(before) ? before : []), entry]), isSure)
}

const aliasOf = '(alias)'
/** https://www.braze.com/docs/api/endpoints/user_data/post_user_identify/ */
function link(people: People, { known, other }: LinkItem): void {
  const source = people.find(`anonymous:${other.anonymousId ?? ''}`)
  const name = `user:${known.userId ?? ''}`
  const target = people.find(name)
  // An alias nobody has, or one that somebody else has been identified by, changes nothing.
  if (!source || source === target || source.name.startsWith('user:')) return
  if (!target) {
    people.alsoKnownAs(source, name, true)
    source.facts.set(aliasOf, [true])
  } else if (!target.facts.has(aliasOf)) {
    people.merge(source, target, 'lacking')
    target.facts.set(aliasOf, [true])
  }
}

function pictureOf(people: People, told: readonly Told[]): Picture {
  const picture = createPictureBuilder('braze')
  for (const { event, person, certainty } of told) {
    const name = survivor(person) === person ? person.name : mergedAway
    picture.addEvent({ ...event, person: name }, certainty)
  }
  for (const { name, facts } of people.all())
    for (const [what, values] of facts) if (what !== aliasOf) picture.setFact(name, what, values)
  return picture.build()
}
