import type { HttpRequest } from '@tripline/kit'

interface Body {
  readonly inputs?: readonly {
    readonly id?: string
    readonly properties?: object
    readonly objectWriteTraceId?: string
  }[]
  readonly idProperty?: string
  readonly recordIdsToAdd?: readonly string[]
}
function bodyOf({ body }: HttpRequest): Body {
  return typeof body === 'string' && body !== '' ? (JSON.parse(body) as Body) : {}
}
const recordId = (id: string | undefined): string => `{record id of ${id ?? ''}}`

const written = (request: HttpRequest): object => ({
  status: 'COMPLETE',
  results: (bodyOf(request).inputs ?? []).map(({ id, properties, objectWriteTraceId }) => ({
    id: recordId(id),
    properties,
    objectWriteTraceId,
    new: true,
  })),
})
const found = (request: HttpRequest): object => {
  const { inputs = [], idProperty } = bodyOf(request)
  const results = inputs.map(({ id }) => ({
    id: idProperty === undefined ? id : recordId(id),
    properties: idProperty === undefined ? {} : { [idProperty]: id },
  }))
  return { status: 'COMPLETE', results }
}
const joined = (request: HttpRequest): object => ({
  recordsIdsAdded: bodyOf(request).recordIdsToAdd ?? [],
  recordIdsRemoved: [],
  recordIdsMissing: [],
})
const list = (): object => ({
  list: { listId: '{list id}', name: '{name}', objectTypeId: '0-1', processingType: 'MANUAL' },
})

const answers: Readonly<Record<string, (request: HttpRequest) => object>> = {
  'POST /crm/objects/contacts/batch/upsert': written,
  'POST /crm/objects/companies/batch/upsert': written,
  'POST /crm/objects/contacts/batch/read': found,
  'POST /crm/objects/companies/batch/read': found,
  'PUT /crm/lists/{listId}/memberships/add-and-remove': joined,
  'POST /crm/lists': list,
  'GET /automation/flows/{flowId}': () => ({ isEnabled: true }),
}
/** Event sends answer without a body. */
const empty = new Set(['POST /events/send', 'POST /events/send/batch'])

/** In a dry run HubSpot "answers" this; nothing is sent. Ids that HubSpot would give stand in braces. */
export function pretend(request: HttpRequest): { readonly status: number; readonly body?: unknown } {
  if (empty.has(request.endpoint)) return { status: 204 }
  return {
    status: 200,
    body: answers[request.endpoint]?.(request) ?? { status: 'COMPLETE', results: [], lists: [] },
  }
}
