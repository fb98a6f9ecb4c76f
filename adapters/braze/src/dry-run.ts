import type { HttpRequest } from '@tripline/kit'

const answers: Readonly<Record<string, unknown>> = {
  'POST /users/export/ids': { users: [], message: 'success' },
  'GET /segments/list': { segments: [], message: 'success' },
  'GET /custom_attributes': { attributes: [], message: 'success' },
}
/** In a dry run Braze "answers" this; nothing is sent. */
export function pretend(request: HttpRequest): { readonly status: number; readonly body: unknown } {
  return {
    status: request.method === 'POST' ? 201 : 200,
    body: answers[request.endpoint] ?? { message: 'success', dispatch_id: '{dispatch id}' },
  }
}
