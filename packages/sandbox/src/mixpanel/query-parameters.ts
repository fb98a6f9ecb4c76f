import type { SimRequest } from '../core/index.ts'
import { isObject, parse } from './ingest-input.ts'

/**
 * Parameters of a query: the server tries the body as JSON first, then as a form, and lays it over the address.
 * mixpanel/mixpanel-headless:src/mixpanel_headless/_internal/pacer.py
 */
export function queryParameters(request: SimRequest): URLSearchParams {
  const merged = new URLSearchParams(request.query)
  if (request.body.length === 0) return merged
  const text = request.body.toString('utf8')
  const json = parse(text)
  const entries = isObject(json)
    ? Object.entries(json).map(([name, value]) => [name, asText(value)] as const)
    : new URLSearchParams(text)
  for (const [name, value] of entries) merged.set(name, value)
  return merged
}
const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
