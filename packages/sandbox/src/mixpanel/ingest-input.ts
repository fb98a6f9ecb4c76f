import type { SimRequest } from '../core/index.ts'

type Records =
  | { readonly ok: true; readonly records: readonly unknown[]; readonly options: URLSearchParams }
  | { readonly ok: false; readonly error: string }

/**
 * The records of an ingestion call, in every form the vendor takes: a JSON array (or, outside `/import`, one object),
 * NDJSON, and `data=` with JSON or base64 in the address or in a form.
 * https://developer.mixpanel.com/reference/track-event
 */
export function readRecords(request: SimRequest): Records {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const inAddress = request.query.get('data')
  if (request.body.length === 0) {
    return inAddress === null ? refused('empty request body') : fromData(inAddress, request.query)
  }
  if (type === 'application/x-www-form-urlencoded') return fromForm(request)
  if (type === 'application/x-ndjson') return fromLines(request)
  // Unverified: whether another media type is read as JSON. The stricter reading.
  if (type !== 'application/json') return refused(`unsupported content type '${type}'`)
  return fromJson(request.body.toString('utf8'), request.query, request.path !== '/import')
}

const refused = (error: string): Records => ({ ok: false, error })

function fromForm(request: SimRequest): Records {
  const form = new URLSearchParams(request.body.toString('utf8'))
  const data = form.get('data')
  const options = new URLSearchParams([...request.query, ...[...form].filter(([name]) => name !== 'data')])
  return data === null ? refused("missing form field 'data'") : fromData(data, options)
}

/** npm `mixpanel` does not encode its base64, so a form decoder has turned `+` into a space: turned back. */
function fromData(data: string, options: URLSearchParams): Records {
  const plain = /^\s*[[{]/.test(data)
    ? data
    : Buffer.from(data.replaceAll(' ', '+'), 'base64').toString('utf8')
  return fromJson(plain, options, true)
}

function fromJson(text: string, options: URLSearchParams, single: boolean): Records {
  const parsed = parse(text)
  if (Array.isArray(parsed)) {
    return parsed.length === 0
      ? refused('request body is an empty array')
      : { ok: true, records: parsed, options }
  }
  if (single && typeof parsed === 'object' && parsed !== null) return { ok: true, records: [parsed], options }
  return refused('request body is not valid JSON')
}

function fromLines(request: SimRequest): Records {
  const lines = request.body
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
  const records = lines.map(parse)
  if (records.length === 0) return refused('empty request body')
  if (records.includes(undefined)) return refused('request body is not valid NDJSON')
  return { ok: true, records, options: request.query }
}

/** Undefined when it is not JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
