import type { Route, SimReply } from '../../core/index.ts'
import { applyTrack, profileFor } from '../apply-track.ts'
import type { BrazeContext } from '../context.ts'
import { messages, refuse, success } from '../errors.ts'
import { isoOf } from '../instants.ts'
import { textOf, type Json, type JsonObject } from '../json.ts'
import { sizeLimits } from '../limits.ts'
import type { Identifier } from '../profile-index.ts'
import type { Profile, Tally } from '../profile.ts'
import { isReserved } from '../reserved-attributes.ts'
import { post } from './route.ts'
import {
  checkTrack,
  readArrays,
  trackArrays,
  type CheckedTrack,
  type TrackArray,
  type TrackObject,
} from '../validate-track.ts'

type Arrays = Readonly<Partial<Record<TrackArray, readonly Json[]>>>
const known = [...trackArrays]
const isReply = (value: Arrays | SimReply): value is SimReply => 'status' in value
const countOf = (arrays: Arrays): number =>
  trackArrays.reduce((sum, name) => sum + (arrays[name]?.length ?? 0), 0)

/** https://www.braze.com/docs/api/endpoints/user_data/post_user_track/ and its bulk and synchronous variants */
export const trackRoutes = (context: BrazeContext): readonly Route[] => [
  post(context, { path: '/users/track', known, handle: (body) => track(context, body, withinTrackLimit) }),
  post(context, {
    path: '/users/track/bulk',
    known,
    handle: (body) => track(context, body, withinBulkLimit),
  }),
  post(context, { path: '/users/track/sync', known, handle: (body) => trackNow(context, body) }),
]

type Within = (arrays: Arrays, context: BrazeContext) => boolean
const withinTrackLimit: Within = (arrays, { account }) => {
  const max = account.trackMaxObjects
  if (account.trackLimit === 'combined') return countOf(arrays) <= max
  return trackArrays.every((name) => (arrays[name]?.length ?? 0) <= max)
}
const withinBulkLimit: Within = (arrays) => {
  if (countOf(arrays) > sizeLimits.bulkObjects.max) return false
  const perUser = new Map<string, number>()
  for (const name of trackArrays)
    for (const object of arrays[name] ?? []) {
      const {
        external_id: id,
        user_alias: alias,
        braze_id: brazeId,
        email,
        phone,
      } = (object ?? {}) as JsonObject
      const key = JSON.stringify([id, alias, brazeId, (id ?? alias ?? brazeId) ? null : (email ?? phone)])
      perUser.set(key, (perUser.get(key) ?? 0) + 1)
    }
  return [...perUser.values()].every((count) => count <= sizeLimits.bulkObjectsPerProfile.max)
}

function track(context: BrazeContext, body: JsonObject, within: Within): SimReply {
  const arrays = readArrays(body)
  if (isReply(arrays)) return arrays
  if (!within(arrays, context)) return refuse(400, messages.tooLong)
  const checked = checkTrack(arrays, context.account)
  const refusal = allInvalid(checked)
  if (refusal) return refusal
  context.queue.add(context.clock.now(), context.account.visibleAfterMs, (at) =>
    applyTrack(context, checked, at),
  )
  return success(201, { ...processed(checked), ...(checked.errors.length > 0 && { errors: checked.errors }) })
}

/** Nothing was valid. A dropped ecommerce event does not count as invalid: it is answered with success. */
function allInvalid({ accepted, errors, dropped }: CheckedTrack): SimReply | undefined {
  const valid = trackArrays.reduce((sum, name) => sum + accepted[name].length, 0)
  return valid + dropped === 0 ? refuse(400, messages.noValidData, errors) : undefined
}

const processed = ({ sent, accepted }: CheckedTrack): Record<string, number> =>
  Object.fromEntries(sent.map((name) => [`${name}_processed`, accepted[name].length]))

/** Exactly one object; the answer shows what it changed. */
function trackNow(context: BrazeContext, body: JsonObject): SimReply {
  const arrays = readArrays(body)
  if (isReply(arrays)) return arrays
  if (countOf(arrays) !== 1) return refuse(400, messages.tooLong)
  const checked = checkTrack(arrays, context.account)
  const refusal = allInvalid(checked)
  if (refusal) return refusal
  const now = context.clock.now()
  context.queue.settle(now + context.account.visibleAfterMs)
  applyTrack(context, checked, now)
  const array = checked.sent[0]
  const object = array && checked.accepted[array][0]
  const profile = object && profileFor(context, { who: object.who, existingOnly: true }, now)
  const users =
    array && object && profile ? [{ ...nameOf(object.who), ...changed(array, object, profile) }] : []
  return success(201, { users, ...(checked.errors.length > 0 && { errors: checked.errors }) })
}

const nameOf = (who: Identifier): Record<string, Json> =>
  who.kind === 'user_alias'
    ? { user_alias: { alias_name: who.name, alias_label: who.label } }
    : { [who.kind]: who.value }

function changed(array: TrackArray, { given }: TrackObject, profile: Profile): Record<string, Json> {
  if (array === 'attributes') {
    const names = Object.keys(given).filter((name) => !isReserved(name) && profile.custom.has(name))
    return {
      custom_attributes: Object.fromEntries(names.map((name) => [name, profile.custom.get(name) ?? null])),
    }
  }
  const name = textOf(given[array === 'events' ? 'name' : 'product_id'])
  const tally = (array === 'events' ? profile.events : profile.purchases).get(name)
  if (!tally) return {}
  return array === 'events'
    ? { custom_events: [{ name, ...shown(tally) }] }
    : { purchase_events: [{ product_id: name, ...shown(tally) }] }
}

const shown = ({ first, last, count }: Tally): Record<string, Json> => ({
  first: isoOf(first),
  last: isoOf(last),
  count,
})
