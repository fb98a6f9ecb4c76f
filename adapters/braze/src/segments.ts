import { createCursorCodec, paginate } from '@tripline/kit'
import {
  TriplineError,
  type Call,
  type Connector,
  type EnsuredSegment,
  type ListedSegment,
  type Member,
  type Page,
  type Query,
  type SegmentRef,
} from '@tripline/model'
import type { BrazeClient } from './client.ts'
import { exportSegment } from './export-segment.ts'
import { maxOf } from './limits.ts'
import { segmentAttribute } from './mapping/segments.ts'
import type { BrazeOptions } from './options.ts'
import { exportIds, identityOf, keyOf, keysOf, pagesOf } from './read-profiles.ts'

const pageSize = 100
const codec = createCursorCodec<{ readonly page: number }>('braze', 'segments-1')
interface ListedBraze {
  readonly id?: unknown
  readonly name?: unknown
}

/** Dashboard segments are read only; what we write is a boolean attribute, on which a person builds a segment. */
export function createSegments(options: BrazeOptions, client: BrazeClient): Connector['segments'] {
  const aliasLabel = options.aliasLabel ?? 'anonymous_id'
  return {
    async *list(call?: Call): AsyncGenerator<Page<ListedSegment>, void, undefined> {
      const session = client.transport.session(call)
      try {
        const readPage = async ({ page }: { readonly page: number }) => {
          const answer = await session.read(
            client.request('GET /segments/list', {
              purpose: 'lookup',
              repeat: 'read',
              query: `page=${page}`,
            }),
          )
          const { segments = [] } = answer.json() as { segments?: readonly ListedBraze[] }
          const items = segments.map(({ id, name }): ListedSegment => ({
            form: 'segment',
            id: String(id),
            name: String(name),
            writable: false,
          }))
          return { items, next: segments.length < pageSize ? undefined : { page: page + 1 } }
        }
        yield* paginate({ page: 0 }, readPage, { codec, signal: session.signal })
      } finally {
        session.close()
      }
    },
    async ensure(name: string): Promise<EnsuredSegment> {
      const id = segmentAttribute(name)
      const manual = [
        `In Braze, build a segment with the filter "custom attribute ${id} is true" to use it in campaigns and Canvases.`,
      ]
      return { segment: { form: 'attribute', id, name }, created: false, manual }
    },
    members: (segment, query, call) => readMembers(client, aliasLabel, segment, query, call),
  }
}

async function* readMembers(
  client: BrazeClient,
  aliasLabel: string,
  segment: SegmentRef,
  query: Query,
  call: Call | undefined,
): AsyncGenerator<Page<Member>, void, undefined> {
  const session = client.transport.session(call)
  try {
    if (segment.form === 'segment' && query.mode === 'all') {
      const users = exportSegment(client, session, segment.id, ['external_id', 'user_aliases', 'braze_id'])
      yield* pagesOf(users, 0, (user): Member => ({ who: identityOf(user, aliasLabel), member: true }))
    } else if (segment.form === 'attribute' && query.mode === 'ids') {
      const perCall = maxOf('export.items')
      yield* paginate<Member, number>(0, async (from) => {
        const who = query.who.slice(from, from + perCall)
        const users =
          who.length === 0
            ? []
            : await exportIds(
                client,
                session,
                who,
                ['external_id', 'user_aliases', 'braze_id', 'custom_attributes'],
                aliasLabel,
              )
        const holding = new Set<string>()
        for (const user of users) {
          const custom = (user['custom_attributes'] ?? {}) as Readonly<Record<string, unknown>>
          if (custom[segment.id] === true)
            for (const key of keysOf(identityOf(user, aliasLabel))) holding.add(key)
        }
        const items = who.map((one): Member => ({
          who: one,
          member: holding.has(keyOf(one) ?? ''),
        }))
        return { items, next: from + perCall < query.who.length ? from + perCall : undefined }
      })
    } else {
      const message = 'Braze reads all members of a dashboard segment, or a membership attribute of given ids'
      throw new TriplineError('braze', { code: 'unsupported', message })
    }
  } finally {
    session.close()
  }
}
