import type { SimReply } from '../core/index.ts'

const transparentPixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

/**
 * HTTP 200, whatever happened: `1`/`0`, a JSON object with `verbose`, a pixel with `img=1`, a script with `callback`.
 * https://developer.mixpanel.com/reference/track-event
 */
export function ingestReply(
  options: URLSearchParams,
  stored: boolean,
  error: string | null,
  extra: object = {},
): SimReply {
  const verbose = options.get('verbose')
  const asObject = verbose === '1' || verbose === '2' || 'failed_records' in extra
  const body = asObject ? { status: stored ? 1 : 0, error, ...extra } : stored ? '1' : '0'
  const callback = options.get('callback')
  if (options.get('img') === '1') {
    return { status: 200, headers: { 'content-type': 'image/gif' }, body: transparentPixel }
  }
  if (callback !== null) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return { status: 200, headers: { 'content-type': 'text/javascript' }, body: `${callback}(${text});` }
  }
  return typeof body === 'string'
    ? { status: 200, headers: { 'content-type': 'text/plain' }, body }
    : { status: 200, body }
}
