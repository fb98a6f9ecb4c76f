import type { SimReply, SimRequest } from '../core/index.ts'

const statusTexts: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
}
/** Quoted by mixpanel/mixpanel-python#110: also the answer to a service account without `project_id`. */
export const invalidSecretText =
  'Unauthorized, invalid project secret. See docs for more information: https://developer.mixpanel.com/reference/authentication#project-secret'
/** https://developer.mixpanel.com/reference/import-events */
export const ingestionRateText =
  'Project exceeded rate limits. Please retry the request with exponential backoff.'

/** The form of `/import`: `{code, error, status}`. */
export const importError = (status: number, error: string, extra: object = {}): SimReply => ({
  status,
  body: { code: status, error, ...extra, status: statusTexts[status] ?? 'Error' },
})
/** The form of `/track`, `/engage` and `/groups` when a call is refused as a whole. */
export const ingestionError = (status: number, error: string): SimReply => ({
  status,
  body: { error, status: 'error' },
})
/** The form of `/api/query/*`. Seen live with 429 (mixpanel/mixpanel-headless:tests/unit/test_pacer.py); assumed for the rest. */
export const queryError = (request: SimRequest, status: number, error: string): SimReply => ({
  status,
  body: { request: addressOf(request), error },
})
/** The form of `/api/app/*`. */
export const appError = (status: number, error: string | object): SimReply => ({
  status,
  body: { status: 'error', error },
})
/** The raw export answers in plain text. */
export const exportError = (
  status: number,
  error: string,
  headers: Record<string, string> = {},
): SimReply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body: error,
})
/** What stands before the service when it is down. */
export const badGateway = (): SimReply => ({
  status: 502,
  headers: { 'content-type': 'text/html; charset=UTF-8' },
  body: '<html><head><title>502 Server Error</title></head><body><h1>Error: Server Error</h1></body></html>',
})

export function addressOf(request: SimRequest): string {
  const query = request.query.toString()
  return `http://${request.headers['host'] ?? 'localhost'}${request.path}${query === '' ? '' : `?${query}`}`
}
