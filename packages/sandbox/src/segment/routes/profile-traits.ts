import type { Route, SimReply } from '../../core/index.ts'
import { type Context, toIso } from '../context.ts'
import { profileError } from '../errors.ts'
import {
  badLimit,
  commaList,
  cursorOf,
  isVerbose,
  type ProfileRead,
  profileRoutesFor,
  readLimit,
} from '../profile-lookup.ts'

/** Ten, whatever the pages suggest: segment-boneyard/segment-docs#6534 */
const defaultLimit = 10

/** Traits of one profile, in the order of their names. `next` is the name of the next page's first trait. */
export const profileTraitRoutes = (state: Context): Route[] =>
  profileRoutesFor(state, 'traits', (found) => readTraits(state, found))

function readTraits({ account }: Context, { profile, request }: ProfileRead): SimReply {
  const limit = readLimit(request, defaultLimit, account.traitsMaxLimit)
  if (limit === undefined) return badLimit(account.traitsMaxLimit)
  const kind = request.query.get('class')
  if (kind !== null && kind !== 'audience' && kind !== 'computed_trait')
    return profileError(
      'invalid_request_error',
      'The parameter `class` must be `audience` or `computed_trait`',
    )
  const include = commaList(request, 'include')
  const from = request.query.get('next') ?? ''
  const names = [...profile.traits]
    .filter(
      ([name, trait]) =>
        (kind === null || trait.kind === kind) && (include?.includes(name) ?? true) && name >= from,
    )
    .map(([name]) => name)
    .sort()
  const traits: (readonly [string, unknown])[] = names.slice(0, limit).map((name) => {
    const trait = profile.traits.get(name)
    const value = trait?.value ?? null
    if (!isVerbose(request) || !trait) return [name, value] as const
    return [name, { value, source_id: trait.sourceId, updated_at: toIso(trait.updatedAtMs) }] as const
  })
  return {
    status: 200,
    body: {
      traits: Object.fromEntries<unknown>(traits),
      cursor: cursorOf(request, names[limit] ?? '', limit),
    },
  }
}
