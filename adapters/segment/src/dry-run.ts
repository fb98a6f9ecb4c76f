import type { HttpRequest } from '@tripline/kit'

const noPage = { pagination: { current: '' } }
const answers: Readonly<Record<string, unknown>> = {
  'POST /v1/batch': { success: true },
  'GET /v1/spaces/{spaceId}/collections/{collection}/profiles/{id}/traits': {
    traits: {},
    cursor: { has_more: false, next: '' },
  },
  'GET /v1/spaces/{spaceId}/collections/{collection}/profiles/{id}/metadata': { metadata: {} },
  'GET /': { data: { workspace: {} } },
  'GET /spaces/{spaceId}/audiences': { data: { audiences: [], ...noPage } },
  'POST /spaces/{spaceId}/audiences': { data: { audience: { id: '{audience id}', key: '{audience key}' } } },
  'GET /spaces/{spaceId}/traits': { data: { traits: [], ...noPage } },
  'GET /spaces/{spaceId}/events/{eventName}/properties': { data: { eventProperties: [], ...noPage } },
}
/** In a dry run Segment "answers" this; nothing is sent. */
export function pretend(request: HttpRequest): { readonly status: number; readonly body: unknown } {
  return { status: 200, body: answers[request.endpoint] ?? {} }
}
