import {
  dead,
  deliverItems,
  faultOfValues,
  skipped,
  write,
  writes,
  type HttpResult,
  type Mapped,
  type Operation,
  type Session,
} from '@tripline/kit'
import type { Call, Fault, Identity, Loss, Report, StartItem, Values } from '@tripline/model'
import type { Ask, IntercomClient } from './client.ts'
import { contactOf, type Contacts } from './contacts.ts'
import { toPerson } from './mapping/person.ts'
import type { SecondBook } from './mapping/same-second.ts'
import type { IntercomOptions } from './options.ts'
import { notFound, outcomeOf, sentNothing, sentOne, type Outcome } from './outcomes.ts'
import { createTagOperation } from './tags.ts'
import type { Writers } from './writers.ts'

/** `via.id` of a message → Intercom's kind of message. */
const messageKinds = { inapp: 'inapp', email: 'email' } as const
type MessageKind = keyof typeof messageKinds
const templates: ReadonlySet<unknown> = new Set(['plain', 'personal'])

interface Message {
  readonly who: Identity
  readonly body: Readonly<Record<string, unknown>>
}
/** A contact that was just created can be written to only when search knows it. */
const indexLagMs = 60_000

/**
 * Sends the event or puts on the tag that a message, Series or Workflow in the UI waits for, or sends a message at once:
 * `via: { kind: 'message', id: 'inapp' | 'email' }` with `data: { body, subject?, template? }` from the option `adminId`.
 */
export function createStart(
  options: IntercomOptions,
  client: IntercomClient,
  writers: Writers,
): (items: readonly StartItem[], call?: Call) => Promise<Report> {
  const { contacts, events, track, secondBook } = writers
  const tag = createTagOperation(client, contacts, 'start')
  const send = createMessageOperation(client, contacts)
  const event = track.operation('start')
  const map = (item: StartItem, book: SecondBook): Mapped => {
    const refused = faultOfValues(item)
    if (refused) return dead(refused)
    const { kind, id } = item.via
    const person = toPerson(item.who, options)
    if (person.kind === 'refused') return dead(person.fault)
    if (person.kind === 'nobody') return skipped('unsupported', person.because)
    const losses: Loss[] = []
    if (kind === 'event') {
      const { key, lane, at, who } = item
      const given = { type: 'track', event: id, properties: item.data ?? {} } as const
      const made = events.toIntercomEvent(
        { kind: 'event', key, lane, at, who, event: given },
        person.key,
        book,
        losses,
      )
      return 'code' in made
        ? dead(made, losses)
        : writes([write(event, { who: person.who, event: made }, 'event')], losses)
    }
    if (kind === 'segment') {
      losses.push(...unsaid(item.data ?? {}, [], 'a tag carries no data'))
      return writes([write(tag, { who: person.who, person: person.key, tagId: id }, 'tag')], losses)
    }
    if (kind !== 'message')
      return skipped('unsupported', `Intercom starts by an event, a tag or a message, not by a ${kind}`)
    const body = toMessage(id, item.data ?? {}, options.adminId)
    if ('code' in body) return dead(body as Fault)
    losses.push(...unsaid(item.data ?? {}, messageParts, 'a message has a body, a subject and a template'))
    return writes([write(send, { who: person.who, body }, 'message')], losses)
  }
  return async (items, call) => {
    const session = client.transport.session(call, { onUnknown: 'report' })
    try {
      const book = secondBook(session.dryRun)
      return await deliverItems(items, (item) => map(item, book), session)
    } finally {
      session.close()
    }
  }
}

const messageParts: readonly string[] = ['body', 'subject', 'template']
const unsaid = (data: Values, said: readonly string[], because: string): readonly Loss[] =>
  Object.keys(data)
    .filter((name) => !said.includes(name))
    .map((name) => ({ path: `data.${name}`, kind: 'dropped', because, source }))
const source = 'intercom/Intercom-OpenAPI:descriptions/2.16/api.intercom.io.yaml'

const invalid = (message: string, path: string): Fault => ({ code: 'invalid', message, path })

/** The message without its recipient. */
function toMessage(
  kind: string,
  data: Values,
  adminId: string | undefined,
): Readonly<Record<string, unknown>> | Fault {
  if (!(kind in messageKinds))
    return invalid(`Intercom's API sends messages of kind inapp or email, not "${kind}"`, 'via.id')
  if (adminId === undefined)
    return invalid('a message comes from a teammate: set the option adminId', 'options.adminId')
  const { body, subject, template = 'plain' } = data
  if (typeof body !== 'string' || body === '') return invalid('a message needs a text', 'data.body')
  const from = { type: 'admin', id: adminId }
  if ((kind as MessageKind) === 'inapp') return { message_type: messageKinds.inapp, body, from }
  if (typeof subject !== 'string' || subject === '')
    return invalid('an e-mail needs a subject', 'data.subject')
  if (!templates.has(template)) return invalid('a template is "plain" or "personal"', 'data.template')
  return { message_type: messageKinds.email, subject, body, template, from }
}

/** Each call sends: there is no key, so an answer that was lost is reported as `unknown` (or repeated, by choice). */
function createMessageOperation(client: IntercomClient, contacts: Contacts): Operation<Message> {
  const ask: Ask = { purpose: 'write', repeat: 'doubles', ability: 'start' }
  return {
    endpoint: 'POST /messages',
    ability: 'start',
    repeat: 'doubles',
    maxItems: 1,
    maxBytes: Infinity,
    frameBytes: 0,
    parallel: 4,
    async send({ values: [value] }, session) {
      if (!value) return sentNothing
      const to = await recipientOf({ client, contacts, session }, value.who)
      if ('outcome' in to) return sentOne(to.outcome)
      const result = await client.call(session, 'POST /messages', ask, (sdk) =>
        sdk.messages.create({ ...value.body, to } as unknown as Parameters<typeof sdk.messages.create>[0]),
      )
      return sentOne(readMessage(result, session))
    },
  }
}

function readMessage(result: HttpResult, session: Session): Outcome {
  if (result.kind === 'ok') {
    const { id } = result.answer.json() as { readonly id: string | number }
    const outcome = { status: 'sent', proof: 'accepted', vendorId: String(id) } as const
    return result.maybeTwice ? { ...outcome, maybeTwice: true } : outcome
  }
  if (result.kind !== 'refused' || result.answer?.status !== 404 || result.fault.message !== 'User Not Found')
    return outcomeOf(result)
  const fault: Fault = {
    ...result.fault,
    code: 'unavailable',
    message: 'the contact is new, and Intercom’s search does not know it yet: send it again in a minute',
  }
  return { status: 'retry', fault, notBefore: new Date(session.clock.now() + indexLagMs).toISOString() }
}

interface Context {
  readonly client: IntercomClient
  readonly contacts: Contacts
  readonly session: Session
}
/** A recipient is named by Intercom's id and its role; the read also proves that the contact is there. */
async function recipientOf(
  { client, contacts, session }: Context,
  who: Identity,
): Promise<{ readonly type: string; readonly id: string } | { readonly outcome: Outcome }> {
  const found = await contacts.find(who, session, 'start')
  if (found.kind === 'stopped') return { outcome: found.outcome }
  if (found.kind === 'none') return { outcome: notFound('no such contact at Intercom') }
  if (who.userId !== undefined && !found.cached) return { type: 'user', id: found.id }
  const ask: Ask = { purpose: 'lookup', repeat: 'read', ability: 'start' }
  const result = await client.call(session, 'GET /contacts/{contact_id}', ask, (sdk) =>
    sdk.contacts.find({ contact_id: found.id }),
  )
  if (result.kind === 'ok') return { type: contactOf(result.answer).role ?? 'user', id: found.id }
  const status = result.kind === 'refused' ? result.answer?.status : undefined
  if (status !== 404 && status !== 410) return { outcome: outcomeOf(result) }
  await contacts.forget(who, session)
  if (!found.cached) return { outcome: notFound('no such contact at Intercom') }
  return recipientOf({ client, contacts, session }, who)
}
