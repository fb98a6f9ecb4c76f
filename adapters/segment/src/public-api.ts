import type { Session } from '@tripline/kit'
import { TriplineError, type Fault } from '@tripline/model'
import type { SegmentClient, SegmentEndpoint } from './client.ts'

export type Rows = readonly Readonly<Record<string, unknown>>[]
/** A page of a Public API list; `off` when this workspace does not have the operation. */
export type ListPage =
  | { readonly kind: 'page'; readonly rows: Rows; readonly next: string | undefined }
  | { readonly kind: 'off'; readonly fault: Fault }

/**
 * One page of a list of the Public API. A workspace without the feature answers 401, 404 or 422, which is not documented;
 * a 401 counts as such only when the same token may read the workspace.
 * @throws {TriplineError} for any other failure
 */
export async function readList(
  client: SegmentClient,
  session: Session,
  endpoint: SegmentEndpoint,
  list: string,
  given: {
    readonly parameters?: Readonly<Record<string, string>>
    readonly query?: Readonly<Record<string, string>>
    readonly count?: number
    readonly cursor?: string | undefined
    readonly purpose?: 'lookup' | 'schema'
  },
): Promise<ListPage> {
  const { parameters, query, count = 200, cursor, purpose = 'lookup' } = given
  const result = await session.request(
    client.request(endpoint, {
      purpose,
      repeat: 'read',
      ...(parameters && { parameters }),
      query: {
        ...query,
        'pagination[count]': String(count),
        ...(cursor !== undefined && { 'pagination[cursor]': cursor }),
      },
    }),
  )
  if (result.kind === 'ok') return pageOf(result.answer.json(), list)
  const { fault } = result
  if (await isFeatureOff(client, session, fault)) return { kind: 'off', fault }
  throw failed(endpoint, fault)
}

export const failed = (endpoint: SegmentEndpoint, fault: Fault): TriplineError =>
  new TriplineError('segment', { ...fault, message: `${endpoint}: ${fault.message}` })

function pageOf(body: unknown, list: string): ListPage {
  const { data } = body as { readonly data?: Readonly<Record<string, unknown>> }
  const rows = data?.[list]
  const { next } = (data?.['pagination'] ?? {}) as { readonly next?: unknown }
  return {
    kind: 'page',
    rows: Array.isArray(rows) ? (rows as Rows) : [],
    next: typeof next === 'string' && next !== '' ? next : undefined,
  }
}

/** Whether a refusal means that the workspace does not have the operation. */
export async function isFeatureOff(client: SegmentClient, session: Session, fault: Fault): Promise<boolean> {
  if (fault.status === 404 || fault.status === 422) return true
  if (fault.status !== 401) return false
  const workspace = await session.request(client.request('GET /', { purpose: 'lookup', repeat: 'read' }))
  return workspace.kind === 'ok'
}
