import { gunzipSync } from 'node:zlib'
import type { CallEvent, Host } from '@tripline/model'
import type { Body, Description, Violation } from './open-api.ts'

export interface SeenExchange {
  /** Method and path of the description. */
  readonly operation: string
  readonly status: number
  readonly violations: readonly Violation[]
}
export interface Recorder {
  /** The host, its requests and their answers checked on the way. They are not changed. */
  host<Lent extends Pick<Host, 'fetch'>>(lent: Lent): Lent & Pick<Host, 'fetch' | 'onCall'>
  readonly exchanges: readonly SeenExchange[]
  /** Endpoints as the connector names them. */
  readonly endpoints: ReadonlySet<string>
}

/** Records what connectors say and hear against the vendor's description. */
export function createRecorder(description: Description): Recorder {
  const exchanges: SeenExchange[] = []
  const endpoints = new Set<string>()
  return {
    exchanges,
    endpoints,
    host: (lent) => ({
      ...lent,
      onCall: ({ endpoint }: CallEvent) => void endpoints.add(endpoint),
      fetch: async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
        const sent = new Request(input, { ...init, signal: null })
        const { pathname, searchParams } = new URL(sent.url)
        const [request, answer] = [await readBody(sent), await lent.fetch(input, init)]
        const status = answer.status
        const response = await readBody(answer.clone())
        const exchange = {
          method: sent.method,
          path: pathname,
          query: searchParams,
          request,
          status,
          response,
        }
        exchanges.push({ status, ...description.check(exchange) })
        return answer
      },
    }),
  }
}

/** What a body says: unpacked, JSON parsed (a line each in NDJSON), a form's fields by name. */
export async function readBody(message: Request | Response): Promise<Body | undefined> {
  const bytes = Buffer.from(await message.arrayBuffer())
  if (bytes.length === 0) return undefined
  // A response was unpacked by `fetch` already.
  const packed = message instanceof Request && message.headers.get('content-encoding') === 'gzip'
  const text = (packed ? gunzipSync(bytes) : bytes).toString('utf8')
  const type = message.headers.get('content-type') ?? 'application/octet-stream'
  if (type.includes('ndjson')) {
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    return { type: 'application/json', value: lines.map((line): unknown => JSON.parse(line)) }
  }
  if (type.includes('json')) return { type, value: JSON.parse(text) as unknown }
  if (type.includes('form-urlencoded')) return { type, value: Object.fromEntries(new URLSearchParams(text)) }
  return { type, value: text }
}
