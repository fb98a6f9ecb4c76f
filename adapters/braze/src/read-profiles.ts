import { createCursorCodec, paginate, type Session } from '@tripline/kit'
import {
  TriplineError,
  type Call,
  type Identity,
  type Page,
  type ProfileRow,
  type Query,
} from '@tripline/model'
import type { UsersExportIdsObject } from 'braze-api'
import type { BrazeClient } from './client.ts'
import { exportSegment, type ExportedUser } from './export-segment.ts'
import { maxOf } from './limits.ts'
import { createProfileMapper, type ProfileMapper } from './mapping/profiles.ts'
import type { BrazeOptions } from './options.ts'

const pageSize = 500
const codec = createCursorCodec<{ readonly from: number }>('braze', '1')

export function createReadProfiles(
  options: BrazeOptions,
  client: BrazeClient,
): (query: Query, call?: Call) => AsyncIterable<Page<ProfileRow>> {
  const profiles = createProfileMapper(options)
  const aliasLabel = options.aliasLabel ?? 'anonymous_id'
  return async function* (query, call) {
    const session = client.transport.session(call)
    try {
      if (query.mode === 'ids') yield* readIds(client, session, profiles, query, aliasLabel)
      else if (query.mode === 'all')
        yield* readAll(client, session, profiles, query, { aliasLabel, segmentId: options.everyoneSegmentId })
      else
        throw new TriplineError('braze', {
          code: 'unsupported',
          message: 'Braze profiles carry no time of change: read all, or by ids',
        })
    } finally {
      session.close()
    }
  }
}

/** `fields_to_export` for canonical names; always with the ids. */
export function exportFields(profiles: ProfileMapper, fields: readonly string[]): readonly string[] {
  const names = new Set(['external_id', 'user_aliases', 'braze_id'])
  for (const field of fields) {
    const { name, custom } = profiles.vendorName(field)
    names.add(custom ? 'custom_attributes' : name)
  }
  return [...names]
}

/** Who an exported user is, in canonical words. */
export function identityOf(user: ExportedUser, aliasLabel: string): Identity {
  const aliases = (user['user_aliases'] ?? []) as readonly {
    readonly alias_name: string
    readonly alias_label: string
  }[]
  const anonymousId = aliases.find((alias) => alias.alias_label === aliasLabel)?.alias_name
  return {
    ...(typeof user['external_id'] === 'string' && { userId: user['external_id'] }),
    ...(anonymousId !== undefined && { anonymousId }),
    ...(typeof user['braze_id'] === 'string' && { vendorIds: { braze: user['braze_id'] } }),
  }
}

/** By what a person is looked up, the first of it; undefined: by nothing that Braze has in one call. */
export function keyOf({ userId, anonymousId, vendorIds }: Identity): string | undefined {
  if (userId !== undefined) return `user ${userId}`
  if (anonymousId !== undefined) return `alias ${anonymousId}`
  return vendorIds?.['braze'] === undefined ? undefined : `braze ${vendorIds['braze']}`
}
/** Every key under which an exported user may have been asked for. */
export function keysOf({ userId, anonymousId, vendorIds = {} }: Identity): readonly string[] {
  const ways: readonly Identity[] = [
    ...(userId === undefined ? [] : [{ userId }]),
    ...(anonymousId === undefined ? [] : [{ anonymousId }]),
    { vendorIds },
  ]
  return ways.flatMap((one) => keyOf(one) ?? [])
}

/** Users of the given identities, at most 50; one call per kind of id, because one call takes one kind, and one Braze id. */
export async function exportIds(
  client: BrazeClient,
  session: Session,
  who: readonly Identity[],
  fields: readonly string[],
  aliasLabel: string,
): Promise<readonly ExportedUser[]> {
  const external_ids = who.flatMap((one) => one.userId ?? [])
  const user_aliases = who.flatMap((one) =>
    one.userId === undefined && one.anonymousId !== undefined
      ? [{ alias_name: one.anonymousId, alias_label: aliasLabel }]
      : [],
  )
  const brazeIds = who.flatMap((one) =>
    keyOf(one)?.startsWith('braze ') ? (one.vendorIds?.['braze'] ?? []) : [],
  )
  const named: readonly Pick<UsersExportIdsObject, 'external_ids' | 'user_aliases' | 'braze_id'>[] = [
    ...(external_ids.length > 0 ? [{ external_ids }] : []),
    ...(user_aliases.length > 0 ? [{ user_aliases }] : []),
    ...brazeIds.map((braze_id) => ({ braze_id })),
  ]
  const users: ExportedUser[] = []
  for (const ids of named) {
    const body = JSON.stringify({ ...ids, fields_to_export: fields })
    const request = client.request('POST /users/export/ids', { purpose: 'lookup', repeat: 'read', body })
    const answer = await session.read(request)
    users.push(...((answer.json() as { users?: readonly ExportedUser[] }).users ?? []))
  }
  return users
}

async function* readIds(
  client: BrazeClient,
  session: Session,
  profiles: ProfileMapper,
  query: Extract<Query, { mode: 'ids' }>,
  aliasLabel: string,
): AsyncGenerator<Page<ProfileRow>, void, undefined> {
  const fields = exportFields(profiles, query.fields)
  const perCall = maxOf('export.items')
  yield* paginate<ProfileRow, number>(0, async (from) => {
    const who = query.who.slice(from, from + perCall)
    const users = who.length === 0 ? [] : await exportIds(client, session, who, fields, aliasLabel)
    const found = new Map<string, { readonly user: ExportedUser; readonly who: Identity }>()
    for (const user of users) {
      const one = identityOf(user, aliasLabel)
      for (const key of keysOf(one)) found.set(key, { user, who: one })
    }
    const items = who.map((asked): ProfileRow => {
      const hit = found.get(keyOf(asked) ?? '')
      return hit
        ? {
            kind: 'profile',
            who: { ...hit.who, ...asked },
            traits: profiles.fromUser(hit.user, query.fields),
          }
        : { kind: 'missing', who: asked }
    })
    return { items, next: from + perCall < query.who.length ? from + perCall : undefined }
  })
}

/** The export of the segment that holds everybody. A resumed read exports anew and skips what was read. */
async function* readAll(
  client: BrazeClient,
  session: Session,
  profiles: ProfileMapper,
  query: Extract<Query, { mode: 'all' }>,
  { aliasLabel, segmentId }: { readonly aliasLabel: string; readonly segmentId: string | undefined },
): AsyncGenerator<Page<ProfileRow>, void, undefined> {
  if (segmentId === undefined)
    throw new TriplineError('braze', {
      code: 'unsupported',
      message: 'set the option everyoneSegmentId to a dashboard segment that holds everybody',
    })
  const from = query.resume ? codec.decode(query.resume).from : 0
  const rows = exportSegment(client, session, segmentId, exportFields(profiles, query.fields))
  yield* pagesOf(rows, from, (user): ProfileRow => ({
    kind: 'profile',
    who: identityOf(user, aliasLabel),
    traits: profiles.fromUser(user, query.fields),
  }))
}

/** Groups a stream into pages with a cursor that counts. */
export async function* pagesOf<Row>(
  rows: AsyncIterable<ExportedUser>,
  from: number,
  toRow: (user: ExportedUser) => Row,
): AsyncGenerator<Page<Row>, void, undefined> {
  let items: Row[] = []
  let seen = 0
  for await (const user of rows) {
    if (seen++ < from) continue
    if (items.length === pageSize) {
      yield { items, last: false, cursor: codec.encode({ from: seen - 1 }) }
      items = []
    }
    items.push(toRow(user))
  }
  yield { items, last: true }
}
