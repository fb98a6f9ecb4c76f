import type { IncomingMessage, ServerResponse } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { requestHeader } from './jump-guard.ts'
import type { SimReply, SimRequest } from './simulator.ts'

/** The address as it was asked for: `//x` is a path here, not another host. */
export function addressOf(incoming: IncomingMessage): URL {
  const target = incoming.url ?? '/'
  return new URL(
    target.startsWith('/') ? `http://sandbox${target}` : `http://sandbox/${encodeURIComponent(target)}`,
  )
}

export async function readRequest(
  incoming: IncomingMessage,
  url: URL,
  params: SimRequest['params'],
): Promise<SimRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const raw = Buffer.concat(chunks)
  const body = incoming.headers['content-encoding']?.toLowerCase() === 'gzip' ? unzip(raw) : raw
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers))
    if (name !== requestHeader) headers[name] = String(value)
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body,
    params,
    json: () => (body.length === 0 ? undefined : (JSON.parse(body.toString('utf8')) as unknown)),
  }
}

/** What says gzip and is none stays as it is: the route then answers it like any body it cannot read. */
function unzip(raw: Buffer): Buffer {
  try {
    return gunzipSync(raw)
  } catch {
    return raw
  }
}

export function writeReply(outgoing: ServerResponse, reply: SimReply): void {
  const { body } = reply
  const isRaw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
  const raw = isRaw ? body : JSON.stringify(body)
  const type =
    typeof body === 'object' && !Buffer.isBuffer(body) ? { 'content-type': 'application/json' } : {}
  outgoing.writeHead(reply.status, { ...type, ...reply.headers }).end(raw)
}
