import { createHash } from 'node:crypto'
import type { ConsentItem, EventItem, GroupItem, Identity, Item, Value, Values } from '@tripline/model'
import { eventNameOf, isoOf, type ExpectedAccount } from '../account.ts'
import { isList, isObject } from '../canonical-text.ts'
import { certaintyOf, type Certainty } from '../certainty.ts'
import { openLossBook, type LossBook } from '../loss-book.ts'
import { createPeople, setFact, type People, type Person } from '../people.ts'
import { createPictureBuilder } from '../picture-builder.ts'
import type { Delivered, Picture, PictureEvent } from '../picture.ts'
import { contextProperties, profileProperties, refusedIds } from './tables.ts'
import { eventObjectBytes, kept, profileObjectBytes } from './values.ts'

export interface ExpectedMixpanelAccount extends ExpectedAccount {
  /** Group keys of the project. @default [] */
  readonly groupKeys?: readonly string[]
}

/** What a Mixpanel project with simplified identities must hold after these deliveries. See `expectBraze`. */
export function expectMixpanel(
  delivered: readonly Delivered[],
  account: ExpectedMixpanelAccount = {},
): Picture {
  const people = createPeople()
  const owners = new Map<string, string>()
  const told: { readonly event: PictureEvent; readonly certainty: Certainty }[] = []
  for (const { item, result } of delivered) {
    const certainty = certaintyOf(result, 'harmless')
    if (!certainty) continue
    const book = openLossBook(result.losses)
    if (certainty.least > 0) joinDevice(owners, item)
    if (item.kind === 'event') told.push({ event: eventOf(item, book, account), certainty })
    else setFacts(people, item, book, account, certainty.least > 0)
  }
  const picture = createPictureBuilder('mixpanel')
  for (const { event, certainty } of told)
    picture.addEvent({ ...event, person: ownerOf(event.person, owners) }, certainty)
  for (const { name, facts } of people.all())
    for (const [what, values] of facts) picture.setFact(name, what, values)
  return picture.build()
}

/** The first user who claims a device keeps it. */
function joinDevice(owners: Map<string, string>, item: Item): void {
  const ids =
    item.kind === 'link'
      ? { userId: item.known.userId, anonymousId: item.other.anonymousId }
      : item.kind === 'event'
        ? item.who
        : {}
  const { userId, anonymousId } = ids
  if (userId !== undefined && anonymousId !== undefined && !owners.has(anonymousId))
    owners.set(anonymousId, userId)
}
export function ownerOf(person: string, owners: ReadonlyMap<string, string>): string {
  const owner = person.startsWith('anonymous:') ? owners.get(person.slice('anonymous:'.length)) : undefined
  return owner === undefined ? person : `user:${owner}`
}
const nameOf = ({ vendorIds, userId, anonymousId }: Identity): string => {
  if (userId !== undefined) return `user:${userId}`
  const own = vendorIds?.['mixpanel']
  if (own !== undefined && !own.startsWith('$device:')) return `user:${own}`
  return `anonymous:${anonymousId ?? own?.slice('$device:'.length) ?? ''}`
}

function eventOf(item: EventItem, book: LossBook, account: ExpectedMixpanelAccount): PictureEvent {
  const { event, key, at } = item
  const properties: Record<string, Value> = { $insert_id: insertId(key) }
  for (const [name, value] of Object.entries(event.properties)) {
    const path = `event.properties.${name}`
    const to = book.has('renamed', path) ? `property_${name}` : name
    const held = account.groupKeys?.includes(name)
      ? groupsOf(value, path, book)
      : name === 'currency' &&
          typeof value === 'string' &&
          event.event === 'Order Completed' &&
          book.has('coerced', path)
        ? value.toUpperCase()
        : kept(value, path, eventObjectBytes, book)
    if (held !== undefined) properties[to] = held
  }
  addContext(event.context ?? {}, properties, book, account)
  return {
    person: nameOf(item.who),
    name: eventNameOf(event, account),
    at: book.has('coerced', 'at') ? undefined : isoOf(at),
    properties,
  }
}

/** The key, where Mixpanel can hold it: https://developer.mixpanel.com/reference/import-events#deduplication */
const insertId = (key: string): string =>
  /^[A-Za-z0-9-]{1,36}$/.test(key) && !refusedIds.has(key.toLowerCase())
    ? key
    : createHash('sha256').update(key).digest('hex').slice(0, 32)

function groupsOf(value: Value, path: string, book: LossBook): Value | undefined {
  if (book.dropped(path)) return undefined
  if (typeof value === 'string') return book.changed(path) ? [value] : value
  return isList(value) && book.changed(path) ? value.slice(0, 254) : value
}

function addContext(
  context: Values,
  properties: Record<string, Value>,
  book: LossBook,
  { groupKeys = [] }: ExpectedMixpanelAccount,
): void {
  const { ip: _, groupId, ...rest } = context
  const [key] = groupKeys
  if (typeof groupId === 'string' && key !== undefined && !book.dropped('event.context.groupId'))
    properties[key] = [groupId]
  for (const [name, value] of Object.entries(rest)) {
    const parts: [string, Value][] = isObject(value)
      ? Object.entries(value).map(([part, entry]) => [`${name}.${part}`, entry])
      : [[name, value]]
    for (const [path, entry] of parts) {
      if (entry === null || book.dropped(`event.context.${path}`)) continue
      const held = kept(entry, `event.context.${path}`, eventObjectBytes, book)
      if (held !== undefined) properties[contextProperties[path] ?? `(context) ${path}`] = held
    }
  }
}

function setFacts(
  people: People,
  item: Exclude<Item, EventItem>,
  book: LossBook,
  account: ExpectedMixpanelAccount,
  isSure: boolean,
): void {
  switch (item.kind) {
    case 'profile':
      for (const [name, value] of expandAddress(item.set)) {
        const held = kept(value, `set.${name}`, profileObjectBytes, book)
        const to = account.fieldNames?.[name] ?? profileProperties[name] ?? name
        if (held !== undefined) setFact(people.get(nameOf(item.who)), to, held, isSure)
      }
      break
    case 'membership':
      setFact(people.get(nameOf(item.who)), item.segment.id, item.member ? true : null, isSure)
      break
    case 'consent':
      setConsent(people.get(nameOf(item.who)), item, isSure)
      break
    case 'group':
      setGroup(people, item, book, account, isSure)
      break
    case 'link':
  }
}

function* expandAddress(set: Values): Generator<readonly [string, Value]> {
  for (const [name, value] of Object.entries(set)) {
    if (name !== 'address' || !isObject(value)) yield [name, value]
    else {
      const { city, state, country, ...rest } = value
      for (const [part, entry] of Object.entries({ city, state, country }))
        if (entry !== undefined) yield [`address.${part}`, entry]
      if (Object.keys(rest).length > 0) yield ['address', rest]
    }
  }
}

/** Mixpanel enforces nothing: consent is kept as properties for others to read. */
function setConsent(
  person: Person,
  { channel, topic, state, at, basis }: ConsentItem,
  isSure: boolean,
): void {
  const slug = `${channel}${topic === undefined ? '' : ` ${topic}`}`
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '')
    .join('_')
  setFact(person, `consent_${slug}`, state, isSure)
  setFact(person, `consent_${slug}_at`, at, isSure)
  setFact(person, `consent_${slug}_basis`, basis ?? null, isSure)
}

function setGroup(
  people: People,
  { groupType, groupId, set, member }: GroupItem,
  book: LossBook,
  { fieldNames = {} }: ExpectedAccount,
  isSure: boolean,
): void {
  const group = people.get(`group:${groupId}`)
  for (const [name, value] of Object.entries(set)) {
    const held = kept(value, `set.${name}`, profileObjectBytes, book)
    if (held !== undefined)
      setFact(group, fieldNames[name] ?? (name === 'name' ? '$name' : name), held, isSure)
  }
  if (!member) return
  const person = people.get(nameOf(member))
  const before = person.facts.get(groupType)?.at(-1)
  setFact(person, groupType, [...new Set([...(isList(before) ? before : []), groupId])], isSure)
}
