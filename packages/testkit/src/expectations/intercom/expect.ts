import type { ConsentItem, Identity, Item, LinkItem, ProfileItem, Value, Values } from '@tripline/model'
import type { ExpectedAccount } from '../account.ts'
import { certaintyOf, type Certainty } from '../certainty.ts'
import { leavesOf } from '../flatten.ts'
import { openLossBook, type LossBook } from '../loss-book.ts'
import { createPeople, setFact, survivor, type People, type Person } from '../people.ts'
import { createPictureBuilder } from '../picture-builder.ts'
import type { Delivered, Picture, PictureEvent } from '../picture.ts'
import { eventOf } from './events.ts'
import { companyFields, contactFields, secondFields, secondsOf, textFields, wholeFields } from './tables.ts'
import { attributeOf, type ListForm } from './values.ts'

export interface ExpectedIntercomAccount extends ExpectedAccount, ListForm {
  /** Topic (subscription id) → its consent type; Intercom keeps explicit choices only. @default all opt_out */
  readonly consentTypes?: Readonly<Record<string, 'opt_in' | 'opt_out'>>
}

/** What Intercom must hold after these deliveries. See `expectBraze`. */
export function expectIntercom(
  delivered: readonly Delivered[],
  account: ExpectedIntercomAccount = {},
): Picture {
  const people = createPeople()
  const told: { readonly event: PictureEvent; readonly person: Person; readonly certainty: Certainty }[] = []
  const taken = new Map<string, Set<number>>()
  for (const { item, result } of delivered) {
    const certainty = certaintyOf(result, 'harmless')
    if (!certainty) continue
    const book = openLossBook(result.losses)
    if (item.kind === 'event') {
      const person = people.get(nameOf(item.who))
      const event = eventOf(item, nameOf(item.who), taken, book, account)
      if (event) told.push({ event, person, certainty })
    } else setFacts(people, item, { book, account, isSure: certainty.least > 0 })
  }
  const picture = createPictureBuilder('intercom')
  for (const { event, person, certainty } of told)
    picture.addEvent({ ...event, person: survivor(person).name }, certainty)
  for (const { name, facts } of people.all())
    for (const [what, values] of facts) picture.setFact(name, what, values)
  return picture.build()
}

/** Somebody with only an anonymous id is a lead, where the account wants leads. */
function nameOf({ vendorIds, userId, anonymousId }: Identity): string {
  const own = vendorIds?.['intercom']
  if (userId !== undefined) return `user:${userId}`
  return own === undefined ? `anonymous:${anonymousId ?? ''}` : `vendor:${own}`
}

interface Telling {
  readonly book: LossBook
  readonly account: ExpectedIntercomAccount
  readonly isSure: boolean
}
function setFacts(people: People, item: Exclude<Item, { readonly kind: 'event' }>, telling: Telling): void {
  const { isSure } = telling
  switch (item.kind) {
    case 'profile':
      setFields(people.get(nameOf(item.who)), withName(item, telling.book), contactFields, 'user', telling)
      break
    case 'membership':
      setFact(
        people.get(nameOf(item.who)),
        `in segment ${item.segment.id}`,
        item.member ? true : null,
        isSure,
      )
      break
    case 'consent':
      setConsent(people.get(nameOf(item.who)), item, telling)
      break
    case 'group':
      setFields(people.get(`group:${item.groupId}`), item.set, companyFields, 'group', telling)
      if (item.member) setFact(people.get(nameOf(item.member)), `in group ${item.groupId}`, true, isSure)
      break
    case 'link':
      if (isSure) link(people, item)
  }
}

/** A lead becomes the user, or is merged into the one that is there. */
function link(people: People, { known, other }: LinkItem): void {
  const lead = people.find(`anonymous:${other.anonymousId ?? ''}`)
  const name = `user:${known.userId ?? ''}`
  const user = people.find(name)
  if (!lead || lead === user) return
  if (user) people.merge(lead, user, 'lacking')
  else people.alsoKnownAs(lead, name, true)
}

/** Intercom keeps one name. */
function withName({ set, before }: ProfileItem, book: LossBook): Values {
  const parts = ['firstName', 'lastName']
  if (!parts.some((part) => book.has('collapsed', `set.${part}`))) return set
  const { firstName: _first, lastName: _last, ...rest } = set
  const name = parts
    .map((part) => (Object.hasOwn(set, part) ? set[part] : before?.[part]))
    .filter((part): part is string => typeof part === 'string' && part !== '')
    .join(' ')
  return { ...rest, name: name === '' ? null : name }
}

function setFields(
  person: Person,
  set: Values,
  table: Readonly<Record<string, string>>,
  of: 'user' | 'group',
  { book, account, isSure }: Telling,
): void {
  for (const [path, value] of leavesOf(set, () => false)) {
    const at = `set.${path}`
    const field = account.fields?.find(
      (each) => each.of === of && (each.name === path || each.name === flat(path)),
    )
    const own = table[path]
    const isRenamed = book.has('renamed', at)
    const to = account.fieldNames?.[field?.name ?? path] ?? own ?? (isRenamed ? fold(flat(path)) : path)
    const held =
      own === undefined ? attributeOf(value, field, at, { ...account, book }) : ownField(own, value, at, book)
    if (held !== undefined) setFact(person, to, held, isSure)
  }
}
const flat = (path: string): string => path.replaceAll('.', '_')
const fold = (name: string): string => name.replaceAll('.', '_').replaceAll('$', '_')

function ownField(to: string, value: Value, path: string, book: LossBook): Value | undefined {
  if (book.dropped(path)) return undefined
  if (to === 'email' && typeof value === 'string') return value.trim().toLowerCase()
  if (secondFields.has(to) && typeof value === 'string') return secondsOf(value)
  if (wholeFields.has(to) && typeof value === 'number' && book.changed(path)) return Math.trunc(value)
  return textFields.has(to) && (typeof value === 'number' || typeof value === 'boolean')
    ? String(value)
    : value
}

/** Attaching an opt-out type opts out, attaching an opt-in type opts in. */
function setConsent(person: Person, { topic, state }: ConsentItem, { account, isSure }: Telling): void {
  if (topic === undefined)
    setFact(person, 'unsubscribed_from_emails', state === 'denied' ? true : null, isSure)
  else {
    const type = account.consentTypes?.[topic] ?? 'opt_out'
    const isAttached = (type === 'opt_out') === (state === 'denied')
    setFact(person, `consent ${topic}`, isAttached ? true : null, isSure)
  }
}
