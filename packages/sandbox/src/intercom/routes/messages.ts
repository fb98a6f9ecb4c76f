import type { Route } from '../../core/index.ts'
import { activeContact } from '../contact-store.ts'
import {
  isObject,
  ok,
  readObject,
  refuse,
  refuseParameter,
  refuseUnknown,
  route,
  userNotFound,
} from '../errors.ts'
import type { IntercomAdmin } from '../account.ts'
import type { IntercomContext } from '../state.ts'
import type { Contact, SentMessage } from '../stored.ts'
import { readString } from '../validate-contact.ts'
import { renderAdmin } from './me.ts'

const keys = new Set([
  'message_type',
  'subject',
  'body',
  'template',
  'from',
  'to',
  'cc',
  'bcc',
  'created_at',
  'create_conversation_without_contact_reply',
])

/** Every call sends: there is no idempotency key, and the same text to the same contact goes out twice. */
export function messageRoutes(context: IntercomContext): readonly Route[] {
  return [
    route('POST', '/messages', (request) => {
      const body = readObject(request)
      refuseUnknown(body, keys)
      if (context.account().plan === 'restricted')
        refuse(403, 'api_plan_restricted', 'Active subscription needed.')
      const admin = findSender(body['from'], context)
      const message = readMessage(body, admin, context)
      remember(message, context)
      return ok({
        type: 'admin_message',
        id: message.id,
        created_at: message.created_at,
        ...(message.subject !== null && { subject: message.subject }),
        body: message.body,
        message_type: message.message_type,
        owner: renderAdmin(admin),
      })
    }),
  ]
}

function findSender(from: unknown, context: IntercomContext): IntercomAdmin {
  if (!isObject(from) || from['type'] !== 'admin') return refuseParameter('from must be an admin')
  const id = String(from['id'])
  const admin = context.account().admins.find((candidate) => candidate.id === id)
  return admin ?? refuse(404, 'admin_not_found', 'Admin not found')
}

/** `in_app` is the spelling of the description's enum, `inapp` that of its examples and of the answers. */
function readKind(value: unknown): SentMessage['message_type'] {
  if (value === 'inapp' || value === 'in_app') return 'inapp'
  return value === 'email' ? 'email' : refuseParameter('message_type is not supported')
}

function readMessage(
  body: Readonly<Record<string, unknown>>,
  admin: IntercomAdmin,
  context: IntercomContext,
): SentMessage {
  const kind = readKind(body['message_type'])
  const { subject, template } = body
  if (kind === 'email' && (subject === undefined || subject === null))
    refuse(422, 'parameter_not_found', 'No subject supplied for email message')
  if (body['body'] === undefined || body['body'] === null || body['body'] === '')
    refuseParameter('Body is required')
  if (kind === 'email' && template !== 'plain' && template !== 'personal')
    refuseParameter("template must be 'plain' or 'personal'")
  const recipients = (name: string): Contact[] => readRecipients(body[name], context)
  const to = recipients('to')
  if (to.length === 0) refuse(400, 'parameter_not_found', 'to is required')
  if (kind === 'email') for (const contact of to) refuseUnreachable(contact)
  const ids = (contacts: readonly Contact[]): string[] => contacts.map(({ id }) => id)
  return {
    id: String(context.store().ids.number()),
    message_type: kind,
    from: admin.id,
    to: ids(to),
    cc: ids(recipients('cc')),
    bcc: ids(recipients('bcc')),
    subject: subject === undefined || subject === null ? null : readString('subject', subject),
    body: readString('body', body['body']),
    template: kind === 'email' ? readString('template', template) : null,
    created_at: context.nowSeconds(),
  }
}

function readRecipients(value: unknown, context: IntercomContext): Contact[] {
  if (value === undefined || value === null) return []
  const store = context.store()
  store.index.settle()
  return [value].flat().map((recipient: unknown) => {
    if (!isObject(recipient) || typeof recipient['id'] !== 'string')
      return refuseParameter('Recipient is invalid')
    const contact = activeContact(store, recipient['id'])
    const reachable = store.index.get(contact.id) !== undefined || !context.account().messagesNeedIndex
    return contact.role === recipient['type'] && reachable ? contact : userNotFound()
  })
}

/** "Not possible to email unsubscribed contacts via the API" (docs, 2.3); status and text are assumed. */
function refuseUnreachable(contact: Contact): void {
  if (contact.email === null) refuse(400, 'client_error', 'Contact has no email address')
  if (contact.unsubscribed_from_emails) refuse(400, 'client_error', 'Contact is unsubscribed from emails')
}

function remember(message: SentMessage, context: IntercomContext): void {
  const store = context.store()
  const likeness = JSON.stringify([message.message_type, message.to, message.subject, message.body])
  if (store.seenMessages.has(likeness)) store.counters.repeatedMessages++
  store.seenMessages.add(likeness)
  store.messages.push(message)
  for (const id of message.to) {
    const contact = store.contacts.get(id)
    if (contact) contact.last_contacted_at = message.created_at
  }
}
