import type { SandboxClock } from '../core/index.ts'
import type { Contact, Scalar } from './stored.ts'

/** A contact as search sees it: a copy from some time ago. A field without a value is absent. */
export interface IndexedContact {
  readonly id: string
  readonly fields: Readonly<Record<string, Scalar>>
  readonly tagIds: ReadonlySet<string>
}
/** What search reads. Writes arrive after the account's lag; `settle` lets in those that are due. */
export interface SearchIndex {
  put(contact: Contact, lagMs: number): void
  /** Out at once: archived, deleted and merged contacts are never found. */
  remove(contactId: string): void
  settle(): void
  get(contactId: string): IndexedContact | undefined
  all(): Iterable<IndexedContact>
  /** Ids with exactly this value; undefined when the field is not one that is kept by value. */
  idsWith(field: string, value: string): ReadonlySet<string> | undefined
  /** Changes whenever the answer to a query may have changed. */
  version(): number
  /** Says that something else that queries depend on has changed, such as a segment. */
  touch(): void
}
interface Pending {
  readonly dueAtMs: number
  readonly sequence: number
  readonly document: IndexedContact
}
const keptByValue = ['email', 'external_id', 'phone'] as const
const nothing: ReadonlySet<string> = new Set()

interface ValueIndex {
  add(document: IndexedContact): void
  remove(document: IndexedContact): void
  ids(field: string, value: string): ReadonlySet<string> | undefined
}
function createValueIndex(): ValueIndex {
  const byField = new Map<string, Map<string, Set<string>>>()
  for (const field of [...keptByValue, 'tag_id']) byField.set(field, new Map())
  return {
    add: (document) =>
      eachValue(document, (field, value) => {
        const values = byField.get(field)
        const ids = values?.get(value)
        if (ids) ids.add(document.id)
        else values?.set(value, new Set([document.id]))
      }),
    remove: (document) =>
      eachValue(document, (field, value) => byField.get(field)?.get(value)?.delete(document.id)),
    ids(field, value) {
      const values = byField.get(field)
      return values && (values.get(value) ?? nothing)
    },
  }
}

export function createSearchIndex(clock: SandboxClock): SearchIndex {
  const documents = new Map<string, IndexedContact>()
  const values = createValueIndex()
  /** The newest write that the index shows or has discarded, by contact. */
  const shown = new Map<string, number>()
  let pending: Pending[] = []
  let head = 0
  let sequence = 0
  let version = 0

  function drop(id: string): void {
    const document = documents.get(id)
    if (!document) return
    values.remove(document)
    documents.delete(id)
  }
  function show({ document, sequence: at }: Pending): void {
    if ((shown.get(document.id) ?? 0) > at) return
    shown.set(document.id, at)
    drop(document.id)
    values.add(document)
    documents.set(document.id, document)
    version++
  }
  function settle(): void {
    const now = clock.now()
    for (let next = pending[head]; next && next.dueAtMs <= now; next = pending[head]) {
      show(next)
      head++
    }
    if (head > 1_000 && head * 2 > pending.length) [pending, head] = [pending.slice(head), 0]
  }
  return {
    put(contact, lagMs) {
      const entry = { dueAtMs: clock.now() + lagMs, sequence: ++sequence, document: toIndexed(contact) }
      if (lagMs === 0) return show(entry)
      let at = pending.length
      while (at > head && (pending[at - 1]?.dueAtMs ?? 0) > entry.dueAtMs) at--
      pending.splice(at, 0, entry)
    },
    remove(contactId) {
      shown.set(contactId, ++sequence)
      drop(contactId)
      version++
    },
    settle,
    get: (contactId) => documents.get(contactId),
    all: () => documents.values(),
    idsWith: (field, value) => values.ids(field, value),
    version: () => version,
    touch: () => void version++,
  }
}

function eachValue(document: IndexedContact, visit: (field: string, value: string) => void): void {
  for (const field of keptByValue) {
    const value = document.fields[field]
    if (typeof value === 'string') visit(field, value)
  }
  for (const tagId of document.tagIds) visit('tag_id', tagId)
}

function toIndexed(contact: Contact): IndexedContact {
  const fields: Record<string, Scalar> = {
    id: contact.id,
    role: contact.role,
    created_at: contact.created_at,
    updated_at: contact.updated_at,
    unsubscribed_from_emails: contact.unsubscribed_from_emails,
    marked_email_as_spam: false,
    has_hard_bounced: false,
  }
  const { external_id, email, phone, name, avatar, owner_id, signed_up_at, last_seen_at, last_contacted_at } =
    contact
  const optional = {
    external_id,
    email,
    phone,
    name,
    avatar,
    owner_id,
    signed_up_at,
    last_seen_at,
    last_contacted_at,
  }
  for (const [field, value] of Object.entries(optional)) if (value !== null) fields[field] = value
  if (phone !== null) fields['formatted_phone'] = phone
  const domain = email?.split('@')[1]
  if (domain !== undefined) fields['email_domain'] = domain
  for (const [attribute, value] of Object.entries(contact.custom_attributes))
    fields[`custom_attributes.${attribute}`] = value
  return { id: contact.id, fields, tagIds: new Set(contact.tags.keys()) }
}
