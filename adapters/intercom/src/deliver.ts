import { dead, deliverItems, faultOfValues, skipped, write, writes, type Mapped } from '@tripline/kit'
import type {
  Call,
  ConsentItem,
  EventItem,
  Fault,
  GroupItem,
  Item,
  LinkItem,
  Loss,
  MembershipItem,
  ProfileItem,
  Report,
} from '@tripline/model'
import type { IntercomClient } from './client.ts'
import { createAttachOperation, createCompanyOperation } from './companies.ts'
import { createLinkOperation } from './link.ts'
import type { Definitions } from './mapping/attributes.ts'
import type { IntercomEvent } from './mapping/events.ts'
import { toPerson, type Person } from './mapping/person.ts'
import { createProfileMapper, type MappedFields, type ProfileMapper } from './mapping/profiles.ts'
import type { SecondBook } from './mapping/same-second.ts'
import { toConsent, toTagging } from './mapping/segments.ts'
import type { IntercomOptions } from './options.ts'
import { createContactOperation } from './save-contact.ts'
import { createSubscriptionOperation } from './subscriptions.ts'
import { createTagOperation, createUntagOperation } from './tags.ts'
import type { Writers } from './writers.ts'

export function createDeliver(
  options: IntercomOptions,
  client: IntercomClient,
  writers: Writers,
): (items: readonly Item[], call?: Call) => Promise<Report> {
  const mappers = { user: createProfileMapper(options), group: createProfileMapper(options, 'group') }
  const map = createMapper(options, client, writers, mappers)
  return async (items, call) => {
    const session = client.transport.session(call)
    try {
      const known: Known = {
        user: await writers.definitions.load('contact', namesIn(items, 'profile', mappers.user), session),
        group: await writers.definitions.load('company', namesIn(items, 'group', mappers.group), session),
        book: writers.secondBook(session.dryRun),
      }
      return await deliverItems(items, (item) => map(item, known), session)
    } finally {
      session.close()
    }
  }
}

/** What a call knows before it maps its items. */
interface Known {
  readonly user: Definitions
  readonly group: Definitions
  readonly book: SecondBook
}
/** The custom attributes that the items need, in lower case. */
function namesIn(
  items: readonly Item[],
  kind: 'profile' | 'group',
  mapper: ProfileMapper,
): readonly string[] {
  const names = new Set<string>()
  for (const item of items)
    if (item.kind === kind) for (const name of mapper.customNames(item.set)) names.add(name)
  return [...names]
}

type Mapper<One> = (item: One, known: Known) => Mapped

function createMapper(
  options: IntercomOptions,
  client: IntercomClient,
  writers: Writers,
  mappers: { readonly user: ProfileMapper; readonly group: ProfileMapper },
): Mapper<Item> {
  const event = createEventMap(options, writers)
  const profile = createProfileMap(options, writers, mappers.user)
  const membership = createMembershipMap(options, client, writers)
  const consent = createConsentMap(options, client, writers)
  const link = createLinkMap(options, client, writers)
  const group = createGroupMap(options, client, writers, mappers.group)
  return (item, known) => {
    const fault = faultOfValues(item)
    if (fault) return dead(fault)
    switch (item.kind) {
      case 'event':
        return event(item, known)
      case 'profile':
        return profile(item, known)
      case 'membership':
        return membership(item, known)
      case 'consent':
        return consent(item, known)
      case 'link':
        return link(item, known)
      case 'group':
        return group(item, known)
    }
  }
}

/** Who cannot be written to. */
const unwritable = (person: Exclude<Person, { kind: 'known' }>): Mapped =>
  person.kind === 'refused' ? dead(person.fault) : skipped('unsupported', person.because)
const isFault = (made: MappedFields | IntercomEvent | Fault): made is Fault => 'code' in made

function createEventMap(options: IntercomOptions, { events, track }: Writers): Mapper<EventItem> {
  const operation = track.operation('event')
  return (item, { book }) => {
    if (item.backfill && options.backfill === 'refuse')
      return skipped('disabled', 'backfill: whether a back-dated event starts messages is not documented')
    const person = toPerson(item.who, options)
    if (person.kind !== 'known') return unwritable(person)
    const losses: Loss[] = []
    const made = events.toIntercomEvent(item, person.key, book, losses)
    return isFault(made)
      ? dead(made, losses)
      : writes([write(operation, { who: person.who, event: made }, 'event')], losses)
  }
}

function createProfileMap(
  options: IntercomOptions,
  { contacts, definitions }: Writers,
  mapper: ProfileMapper,
): Mapper<ProfileItem> {
  const operation = createContactOperation(options, contacts, definitions, 'profile')
  return (item, { user }) => {
    const person = toPerson(item.who, options)
    if (person.kind !== 'known') return unwritable(person)
    const losses: Loss[] = []
    const made = mapper.toFields(item.set, item.before, user, losses)
    if (isFault(made)) return dead(made, losses)
    const { fields, custom } = made
    if (item.before && Object.keys(fields).length === 0 && Object.keys(custom).length === 0)
      return skipped('unchanged', undefined, losses)
    const value = { who: person.who, person: person.key, fields, custom, items: 1 }
    return writes([write(operation, value, 'contact')], losses)
  }
}

function createMembershipMap(
  options: IntercomOptions,
  client: IntercomClient,
  { contacts }: Writers,
): Mapper<MembershipItem> {
  const on = createTagOperation(client, contacts, 'membership')
  const off = createUntagOperation(client, contacts, 'membership')
  return (item) => {
    const tagging = toTagging(item)
    if (!tagging)
      return skipped('unsupported', `Intercom writes segments as tags, not as ${item.segment.form}`)
    const person = toPerson(item.who, options)
    if (person.kind !== 'known') return unwritable(person)
    const value = { who: person.who, person: person.key, tagId: tagging.tagId }
    return writes([write(tagging.on ? on : off, value, tagging.on ? 'tag' : 'untag')])
  }
}

function createConsentMap(
  options: IntercomOptions,
  client: IntercomClient,
  { contacts, definitions }: Writers,
): Mapper<ConsentItem> {
  const field = createContactOperation(options, contacts, definitions, 'consent')
  const topic = createSubscriptionOperation(client, contacts)
  return (item) => {
    const losses: Loss[] = []
    const made = toConsent(item, losses)
    if (!made)
      return skipped(
        'unsupported',
        `Intercom has a switch for all e-mail; "${item.channel}" needs a topic: the id of its subscription type`,
      )
    const person = toPerson(item.who, options)
    if (person.kind !== 'known') return unwritable(person)
    const { who, key } = person
    if (made.form === 'topic')
      return writes([write(topic, { who, topic: made.topic, state: made.state }, 'consent')], losses)
    const fields = { unsubscribed_from_emails: made.unsubscribed_from_emails }
    return writes([write(field, { who, person: key, fields, custom: {}, items: 1 }, 'consent')], losses)
  }
}

function createLinkMap(
  options: IntercomOptions,
  client: IntercomClient,
  { contacts }: Writers,
): Mapper<LinkItem> {
  const operation = createLinkOperation(options, client, contacts)
  return ({ known, other }) => {
    if (known.userId === undefined)
      return skipped('unsupported', 'Intercom makes a lead a user by its userId')
    const user = toPerson({ userId: known.userId }, options, 'known')
    const lead = toPerson(other, options, 'other')
    if (user.kind !== 'known') return unwritable(user)
    if (lead.kind !== 'known') return unwritable(lead)
    if (lead.who.userId !== undefined) return skipped('unsupported', 'two known people are never merged')
    return writes([write(operation, { userId: known.userId, lead: lead.who }, 'link')])
  }
}

function createGroupMap(
  options: IntercomOptions,
  client: IntercomClient,
  { contacts, definitions }: Writers,
  mapper: ProfileMapper,
): Mapper<GroupItem> {
  const company = createCompanyOperation(client, definitions)
  const attach = createAttachOperation(client, contacts)
  const groupTypes = new Set(options.groupTypes ?? ['company'])
  return (item, { group }) => {
    if (!groupTypes.has(item.groupType))
      return skipped(
        'unsupported',
        `Intercom has companies only, not "${item.groupType}" (option groupTypes)`,
      )
    const { groupId: companyId, member } = item
    const mistake = toPerson({ userId: companyId }, options)
    if (mistake.kind === 'refused')
      return dead({ ...mistake.fault, message: `groupId: ${mistake.fault.message}`, path: 'groupId' })
    const losses: Loss[] = []
    const made = mapper.toFields(item.set, item.before, group, losses)
    if (isFault(made)) return dead(made, losses)
    const person = member && toPerson(member, options, 'member')
    if (person?.kind === 'refused') return dead(person.fault, losses)
    if (person?.kind === 'nobody')
      losses.push({ path: 'member', kind: 'dropped', because: person.because, source: memberSource })
    return writes(
      [
        write(company, { companyId, fields: withoutNull(made.fields), custom: made.custom }, 'company'),
        ...(person?.kind === 'known' ? [write(attach, { companyId, who: person.who }, 'attach')] : []),
      ],
      losses,
    )
  }
}
const memberSource =
  'intercom/Intercom-OpenAPI:descriptions/2.16/api.intercom.io.yaml POST /contacts/{id}/companies'
const withoutNull = (fields: MappedFields['fields']): MappedFields['fields'] =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
