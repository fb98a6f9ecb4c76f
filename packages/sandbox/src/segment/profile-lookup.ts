import type { Route, SimReply, SimRequest } from '../core/index.ts'
import type { Context } from './context.ts'
import { profileError } from './errors.ts'
import { refreshWindows } from './audience/compute.ts'
import type { Collection, Profile, Space } from './store-types.ts'
import { findById, findProfile } from './unify/identity.ts'
import { settleAll } from './unify/settle.ts'

export interface ProfileRead {
  readonly space: Space
  readonly profile: Profile
  readonly request: SimRequest
}

/** A read of one profile under both spellings of the path; `namespaces` is the older one (Engage FAQ). */
export function profileRoutesFor(
  state: Context,
  resource: string,
  read: (found: ProfileRead) => SimReply,
): Route[] {
  return ['spaces', 'namespaces'].map((root) => ({
    method: 'GET',
    path: `/v1/${root}/{spaceId}/collections/{collection}/profiles/{identifier}/${resource}`,
    handle: (request) => lookUp(state, request, read),
  }))
}

function lookUp(state: Context, request: SimRequest, read: (found: ProfileRead) => SimReply): SimReply {
  const { spaceId = '', collection = '' } = request.params
  const space = state.store.spaces.get(spaceId)
  if (!space) return profileError('not_found', 'Space was not found.')
  if (collection !== 'users' && collection !== 'accounts')
    return profileError('validation_error', 'The parameter `collection` must be `users` or `accounts`')
  settleAll(state)
  const identifier = rawIdentifier(request)
  if (!/^[a-zA-Z0-9_.]+:./.test(identifier) && !/^(use|gro)_/.test(identifier))
    return profileError('validation_error', 'The parameter `id` must be `type:value` or a segment id')
  const profile = find(space, collection, identifier)
  if (!profile) return profileError('not_found', 'Profile was not found.')
  refreshWindows(state, space, [profile])
  return read({ space, profile, request })
}

/** A plus sign that is not written as %2B is a space, so phone numbers sent bare are never found. */
function rawIdentifier(request: SimRequest): string {
  const segment = request.path.split('/')[7] ?? ''
  return decodeURIComponent(segment.replaceAll('+', ' '))
}

/** Identifiers are stored folded (`profileIdCase`); a look-up is not folded, so another case finds nothing. */
function find(space: Space, collection: Collection, identifier: string): Profile | undefined {
  const colon = identifier.indexOf(':')
  const profile =
    colon === -1
      ? findById(space, identifier)
      : findProfile(space, collection, identifier.slice(0, colon), identifier.slice(colon + 1))
  return profile?.collection === collection ? profile : undefined
}

/** `limit` of a list; undefined when it is no whole number in range. */
export function readLimit(request: SimRequest, defaultLimit: number, maxLimit: number): number | undefined {
  const text = request.query.get('limit')
  if (text === null) return defaultLimit
  const limit = Number(text)
  return /^\d+$/.test(text) && limit >= 1 && limit <= maxLimit ? limit : undefined
}
export const badLimit = (maxLimit: number): SimReply =>
  profileError('validation_error', `The parameter \`limit\` must be between 1 and ${maxLimit}`)
export const isVerbose = (request: SimRequest): boolean => request.query.get('verbose') === 'true'
export const commaList = (request: SimRequest, name: string): string[] | undefined =>
  request.query
    .get(name)
    ?.split(',')
    .map((part) => part.trim())

/** The list part of an answer. `next` is empty on the last page. */
export const cursorOf = (request: SimRequest, next: string, limit: number): object => ({
  url: next === '' ? request.path : `${request.path}?next=${encodeURIComponent(next)}&limit=${limit}`,
  has_more: next !== '',
  next,
  limit,
})
