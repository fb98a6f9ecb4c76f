import type { SimReply, SimRequest } from '../core/index.ts'
import {
  intercomVersions,
  type IntercomAccount,
  type IntercomScope,
  type IntercomVersion,
} from './account.ts'
import { errorReply } from './errors.ts'
import type { RateGuard } from './limits.ts'

/** The scope of a path and method; the first row that fits decides. No row: any valid token will do. */
const scopes: readonly (readonly [method: string, path: RegExp, scope: IntercomScope])[] = [
  ['GET', /^\/contacts\/[^/]+\/companies/, 'read_companies'],
  ['GET', /^\/contacts\/[^/]+\/tags/, 'read_tags'],
  ['GET', /^\/contacts\/[^/]+\/segments/, 'read_segments'],
  ['GET', /^\/contacts\/[^/]+\/subscriptions/, 'read_subscriptions'],
  ['*', /^\/contacts\/[^/]+\/companies/, 'write_companies'],
  ['*', /^\/contacts\/[^/]+\/tags/, 'write_tags'],
  ['*', /^\/contacts\/[^/]+\/subscriptions/, 'write_subscriptions'],
  ['POST', /^\/contacts\/search$/, 'read_contacts'],
  ['GET', /^\/(contacts|visitors)/, 'read_contacts'],
  ['*', /^\/(contacts|visitors)/, 'write_contacts'],
  ['POST', /^\/companies\/list$/, 'read_companies'],
  ['GET', /^\/companies/, 'read_companies'],
  ['*', /^\/companies/, 'write_companies'],
  ['GET', /^\/tags/, 'read_tags'],
  ['*', /^\/tags/, 'write_tags'],
  ['GET', /^\/events/, 'read_events'],
  ['*', /^\/events/, 'write_events'],
  ['GET', /^\/segments/, 'read_segments'],
  ['GET', /^\/data_attributes/, 'read_data_attributes'],
  ['*', /^\/data_attributes/, 'write_data_attributes'],
  ['GET', /^\/subscription_types/, 'read_subscriptions'],
  ['POST', /^\/messages/, 'write_messages'],
]

/** The version a request is answered in; undefined when it names one that this double does not have. */
export function findVersion(request: SimRequest, account: IntercomAccount): IntercomVersion | undefined {
  const named = request.headers['intercom-version']
  return named === undefined ? account.defaultVersion : intercomVersions.find((version) => version === named)
}
/** As `findVersion`, for handlers: the gate has already refused unknown versions. */
export function versionOf(request: SimRequest, account: IntercomAccount): IntercomVersion {
  return findVersion(request, account) ?? account.defaultVersion
}
export const isSince216 = (version: IntercomVersion): boolean => version === '2.16'

/** Token, rate limit, version, media types, scope: in that order (Intercom's own order is not documented). */
export function admit(request: SimRequest, account: IntercomAccount, rate: RateGuard): SimReply | undefined {
  if (request.headers['authorization'] !== `Bearer ${account.token}`)
    return errorReply(401, 'unauthorized', 'Access Token Invalid')
  if (account.tokenState !== 'valid') return errorReply(401, account.tokenState, 'Access Token Invalid')
  if (!rate.hit().allowed) return rateLimited(rate)
  if (findVersion(request, account) === undefined)
    return errorReply(400, 'intercom_version_invalid', 'The requested version could not be found')
  return checkMediaTypes(request) ?? checkScope(request, account)
}

/** Recorded form: "Exceeded rate limit of 83 in 10_seconds". There is no `Retry-After`. */
export function rateLimited(rate: RateGuard): SimReply {
  const message = `Exceeded rate limit of ${rate.maxPerWindow} in 10_seconds`
  return errorReply(429, 'rate_limit_exceeded', message)
}

function checkMediaTypes(request: SimRequest): SimReply | undefined {
  const accept = request.headers['accept'] ?? ''
  if (!/application\/json|application\/\*|\*\/\*/.test(accept))
    return errorReply(
      406,
      'media_type_not_acceptable',
      'The Accept header should send a media type of application/json',
    )
  const type = request.headers['content-type'] ?? ''
  // 415 is listed among Intercom's answers; its code is assumed to be the one of 406.
  if (request.body.length > 0 && !type.startsWith('application/json'))
    return errorReply(415, 'media_type_not_acceptable', 'The Content-Type header should be application/json')
  return undefined
}

/** Wording of the description's one example: POST /conversations names `read_conversations` this way. */
function checkScope(request: SimRequest, account: IntercomAccount): SimReply | undefined {
  const row = scopes.find(
    ([method, path]) => (method === '*' || method === request.method) && path.test(request.path),
  )
  if (!row || account.scopes.includes(row[2])) return undefined
  const message = `You do not have the required scope (${row[2]}) to access this resource`
  return errorReply(403, 'forbidden', message)
}
