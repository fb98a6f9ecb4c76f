import type { HttpRequest } from '@tripline/kit'

const answers: Readonly<Record<string, unknown>> = {
  'POST /api/query/engage': {
    page: 0,
    page_size: 1_000,
    results: [],
    session_id: '{session id}',
    status: 'ok',
    total: 0,
  },
  'POST /api/query/cohorts/list': [],
  'GET /api/app/me': { status: 'ok', results: {} },
  'POST /api/app/projects/{projectId}/cohorts': { status: 'ok', results: { id: '{cohort id}' } },
}
/** In a dry run Mixpanel "answers" this; nothing is sent. */
export function pretend(request: HttpRequest): { readonly status: number; readonly body: unknown } {
  const known = answers[request.endpoint]
  if (known !== undefined) return { status: 200, body: known }
  if (request.endpoint === 'POST /import')
    return { status: 200, body: { code: 200, num_records_imported: recordsIn(request), status: 'OK' } }
  if (request.endpoint === 'POST /engage' || request.endpoint === 'POST /groups')
    return { status: 200, body: { error: null, status: 1, num_good_events: recordsIn(request) } }
  return { status: 200, body: { status: 'ok', results: [] } }
}

/** A dry run sends nothing compressed, so the body is the text of a list. */
const recordsIn = ({ body }: HttpRequest): number =>
  typeof body === 'string' ? (JSON.parse(body) as readonly unknown[]).length : 0
