import type {
  ConsentItem,
  EventItem,
  Field,
  GroupItem,
  Identity,
  ProfileItem,
  Value,
  Values,
} from '@tripline/model'
import { contextOf, eventNameOf, isOrder, isoOf, type ExpectedAccount } from '../account.ts'
import { isList, isObject } from '../canonical-text.ts'
import { certaintyOf } from '../certainty.ts'
import { leavesOf } from '../flatten.ts'
import { openLossBook, type LossBook } from '../loss-book.ts'
import { createPeople, setFact, type People, type Person } from '../people.ts'
import { createPictureBuilder } from '../picture-builder.ts'
import type { Delivered, Picture, PictureEvent } from '../picture.ts'
import { companyProperties, contactProperties, foldName } from './tables.ts'
import { isMoney, maxEventTextUnits, textOf } from './values.ts'

/** Assumes custom events (an Enterprise hub), not the counting of events in contact properties. */
export type ExpectedHubSpotAccount = ExpectedAccount

/** What HubSpot must hold after these deliveries. See `expectBraze`. */
export function expectHubSpot(
  delivered: readonly Delivered[],
  account: ExpectedHubSpotAccount = {},
): Picture {
  const people = createPeople()
  const picture = createPictureBuilder('hubspot')
  for (const { item, result } of delivered) {
    const certainty = certaintyOf(result, 'harmless')
    if (!certainty) continue
    const book = openLossBook(result.losses)
    const isSure = certainty.least > 0
    switch (item.kind) {
      case 'event':
        picture.addEvent(eventOf(item, book, account), certainty)
        break
      case 'profile':
        setProperties(people.get(nameOf(item.who)), item, contactProperties, 'user', {
          book,
          account,
          isSure,
        })
        break
      case 'membership':
        setFact(
          people.get(nameOf(item.who)),
          `in segment ${item.segment.id}`,
          item.member ? true : null,
          isSure,
        )
        break
      case 'group':
        setGroup(people, item, { book, account, isSure })
        break
      case 'consent':
        setConsent(people, item, isSure)
        break
      case 'link':
    }
  }
  for (const { name, facts } of people.all()) {
    // Who is out of everything is out of each: what is said about single subscriptions does not matter then.
    const isOut = facts.get('consent *')?.every((value) => value === 'UNSUBSCRIBED') ?? false
    for (const [what, values] of facts)
      if (!isOut || what === 'consent *' || !what.startsWith('consent ')) picture.setFact(name, what, values)
  }
  return picture.build()
}

const nameOf = ({ vendorIds, userId }: Identity): string =>
  userId === undefined ? `vendor:${vendorIds?.['hubspot'] ?? ''}` : `user:${userId}`
const fieldsOf = (
  { fields = [] }: ExpectedAccount,
  of: Field['of'],
  event?: string,
): ReadonlyMap<string, Field> =>
  new Map(
    fields
      .filter((field) => field.of === of && (field.event === undefined || field.event === event))
      .map((field) => [field.name, field]),
  )

function eventOf(item: EventItem, book: LossBook, account: ExpectedAccount): PictureEvent {
  const { event, at } = item
  const muted = item.backfill && book.has('renamed', 'event.event') ? '_backfill' : ''
  const renamed =
    account.eventNames && Object.values(account.eventNames).includes(eventNameOf(event, account))
  const name = eventNameOf(event, account)
  const fields = fieldsOf(account, 'event', event.event)
  const properties: Record<string, Value> = { ...contextOf(item, book) }
  for (const [path, value] of leavesOf(orderForm(item, book), (key) => fields.has(key))) {
    const field = fields.get(path)
    const place = `event.properties.${path}`
    const to = account.fieldNames?.[path] ?? foldName(path, 'p')
    if (book.dropped(place) || Object.hasOwn(properties, to)) continue
    if (field?.type === 'money' && isMoney(value)) {
      properties[to] = textOf(value.amount, undefined, place, book) ?? null
      properties[foldName(`${path}_currency`, 'p')] = value.currency
      continue
    }
    const text = textOf(value, field, place, book, maxEventTextUnits)
    if (text === undefined || text === '') continue
    properties[to] = field?.type === 'date' ? `${text}T00:00:00.000Z` : text
  }
  return {
    person: nameOf(item.who),
    name: (renamed ? name : foldName(name, 'e', true)) + muted,
    at: book.has('coerced', 'at') ? undefined : isoOf(at),
    properties,
  }
}

/** Properties of events hold no lists of objects: of the products their ids and their number stay. */
function orderForm(item: EventItem, book: LossBook): Values {
  const { products, ...rest } = item.event.properties
  if (
    !isOrder({ ...item, backfill: false }) ||
    !isList(products) ||
    !book.has('collapsed', 'event.properties.products')
  )
    return item.event.properties
  const ids = products
    .filter(isObject)
    .map(({ product_id, sku }) => [product_id, sku].find((id) => typeof id === 'string' && id !== ''))
    .filter((id) => id !== undefined)
  return {
    ...rest,
    product_count: products.length,
    ...(ids.length > 0 && { product_ids: [...new Set(ids)] }),
  }
}

interface Telling {
  readonly book: LossBook
  readonly account: ExpectedAccount
  readonly isSure: boolean
}
function setProperties(
  person: Person,
  { set }: Pick<ProfileItem, 'set'>,
  table: Readonly<Record<string, string>>,
  of: 'user' | 'group',
  { book, account, isSure }: Telling,
): void {
  const fields = fieldsOf(account, of)
  const taken = new Set<string>()
  const put = (to: string, text: string): void => setFact(person, to, text === '' ? null : text, isSure)
  for (const [path, value] of leavesOf(set, (key) => fields.has(key))) {
    const to = account.fieldNames?.[path] ?? table[path] ?? foldName(path, 'p')
    const at = `set.${path}`
    if (taken.has(to) && book.has('collapsed', at)) continue
    const field = fields.get(path)
    if (field?.type === 'money' && isMoney(value)) {
      put(to, textOf(value.amount, undefined, at, book) ?? '')
      put(foldName(`${path}_currency`, 'p'), value.currency)
    } else {
      const text =
        to === 'email' && typeof value === 'string'
          ? value.trim().toLowerCase()
          : textOf(value, field, at, book)
      if (text === undefined || (to === 'email' && book.dropped(at) && text !== '')) continue
      put(to, text)
      if (field?.type === 'money') put(foldName(`${path}_currency`, 'p'), '')
    }
    taken.add(to)
  }
}

function setGroup(people: People, item: GroupItem, telling: Telling): void {
  setProperties(people.get(`group:${item.groupId}`), item, companyProperties, 'group', telling)
  if (item.member) setFact(people.get(nameOf(item.member)), `in group ${item.groupId}`, true, telling.isSure)
}

/** Consent belongs to an address. */
function setConsent(people: People, { who, topic, state }: ConsentItem, isSure: boolean): void {
  const known = people.find(nameOf(who))?.facts.get('email')?.at(-1)
  const email = (typeof known === 'string' ? known : (who.email ?? '')).trim().toLowerCase()
  const status = state === 'granted' ? 'SUBSCRIBED' : 'UNSUBSCRIBED'
  setFact(people.get(`email:${email}`), `consent ${topic ?? '*'}`, status, isSure)
}
