import type { HttpRequest } from '@tripline/kit'

const contact = { type: 'contact', id: '{contact id}', external_id: null }
const answers: Readonly<Record<string, unknown>> = {
  'GET /me': { type: 'admin', id: '{admin id}', app: { id_code: '{workspace id}', timezone: 'UTC' } },
  'POST /contacts': contact,
  'PUT /contacts/{contact_id}': contact,
  'GET /contacts/{contact_id}': contact,
  'GET /contacts/find_by_external_id/{external_id}': contact,
  'POST /contacts/search': { type: 'list', data: [contact] },
  'POST /companies': { type: 'company', id: '{company id}' },
  'GET /companies': { type: 'company', id: '{company id}' },
  'POST /tags': { type: 'tag', id: '{tag id}', name: '{tag}' },
  'GET /segments': { type: 'segment.list', segments: [] },
  'POST /messages': { type: 'admin_message', id: '{message id}' },
}
const empty = { type: 'list', data: [] }

/** In a dry run Intercom "answers" this; nothing is sent. Every contact is there, so writes show as updates. */
export function pretend(request: HttpRequest): { readonly status: number; readonly body?: unknown } {
  if (request.endpoint === 'POST /events') return { status: 202 }
  const body = answers[request.endpoint] ?? (request.purpose === 'write' ? { id: '{id}' } : empty)
  return { status: 200, body }
}
