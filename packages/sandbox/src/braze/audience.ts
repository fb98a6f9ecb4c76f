import { readInstant } from './instants.ts'
import { isList, isObject, isText, type Json, type JsonObject } from './json.ts'
import type { Profile } from './profile.ts'

const dayMs = 86_400_000

/** A connected audience, read once and asked per user; undefined when the JSON does not follow the grammar. */
export type Audience = (profile: Profile, now: number) => boolean

/** https://www.braze.com/docs/api/objects_filters/connected_audience/ */
export function readAudience(value: Json | undefined): Audience | undefined {
  if (!isObject(value)) return undefined
  const [name, ...others] = Object.keys(value)
  if (name === undefined || others.length > 0) return undefined
  const inner = value[name]
  if (name === 'AND' || name === 'OR') return readGroup(name, inner)
  if (!isObject(inner)) return undefined
  if (name === 'custom_attribute') return readAttributeFilter(inner)
  if (name === 'push_subscription_status') return readStatusFilter('push_subscribe', inner)
  if (name === 'email_subscription_status') return readStatusFilter('email_subscribe', inner)
  return name === 'last_used_app' ? readLastUsed(inner) : undefined
}

function readGroup(name: 'AND' | 'OR', inner: Json | undefined): Audience | undefined {
  if (!isList(inner) || inner.length === 0) return undefined
  const parts = inner.map(readAudience)
  const known = parts.filter((part) => part !== undefined)
  if (known.length < parts.length) return undefined
  return (profile, now) =>
    name === 'AND' ? known.every((part) => part(profile, now)) : known.some((part) => part(profile, now))
}

/** Somebody who never said anything is `subscribed`. */
function readStatusFilter(
  field: 'push_subscribe' | 'email_subscribe',
  { comparison, value }: JsonObject,
): Audience | undefined {
  if (comparison !== 'is' && comparison !== 'is_not') return undefined
  if (value !== 'opted_in' && value !== 'subscribed' && value !== 'unsubscribed') return undefined
  return (profile) => ((profile.standard.get(field) ?? 'subscribed') === value) === (comparison === 'is')
}

function readLastUsed({ comparison, value }: JsonObject): Audience | undefined {
  const at = isText(value) ? readInstant(value) : undefined
  if (at === undefined || (comparison !== 'after' && comparison !== 'before')) return undefined
  return (profile) => {
    const last = profile.standard.get('date_of_last_session')
    const lastAt = isText(last) ? readInstant(last) : undefined
    return lastAt !== undefined && (comparison === 'after' ? lastAt > at : lastAt < at)
  }
}

type Compare = (have: Json | undefined, value: Json | undefined, now: number) => boolean
const number =
  (test: (have: number, value: number) => boolean): Compare =>
  (have, value) =>
    typeof have === 'number' && typeof value === 'number' && test(have, value)
const pattern = (have: Json | undefined, value: Json | undefined): boolean | undefined =>
  isText(have) && isText(value) ? new RegExp(value).test(have) : undefined
const instantOf = (value: Json | undefined): number =>
  (isText(value) ? readInstant(value) : undefined) ?? Number.NaN
const days = (value: Json | undefined): number => (typeof value === 'number' ? value * dayMs : Number.NaN)
const contains = (have: Json | undefined, value: Json | undefined): boolean =>
  isList(have) && value !== undefined && have.includes(value)

const comparisons: Readonly<Record<string, Compare>> = {
  equals: (have, value) => have === value,
  not_equal: (have, value) => have !== value,
  matches_regex: (have, value) => pattern(have, value) === true,
  does_not_match_regex: (have, value) => pattern(have, value) === false,
  exists: (have) => have !== undefined,
  does_not_exist: (have) => have === undefined,
  includes_value: contains,
  does_not_include_value: (have, value) => !contains(have, value),
  greater_than: number((have, value) => have > value),
  greater_than_or_equal_to: number((have, value) => have >= value),
  less_than: number((have, value) => have < value),
  less_than_or_equal_to: number((have, value) => have <= value),
  after: (have, value) => instantOf(have) > instantOf(value),
  before: (have, value) => instantOf(have) < instantOf(value),
  less_than_x_days_ago: (have, value, now) => instantOf(have) > now - days(value) && instantOf(have) <= now,
  greater_than_x_days_ago: (have, value, now) => instantOf(have) < now - days(value),
  less_than_x_days_in_the_future: (have, value, now) =>
    instantOf(have) < now + days(value) && instantOf(have) >= now,
  greater_than_x_days_in_the_future: (have, value, now) => instantOf(have) > now + days(value),
}

function readAttributeFilter({
  custom_attribute_name: name,
  comparison,
  value,
}: JsonObject): Audience | undefined {
  if (!isText(name) || !isText(comparison) || !Object.hasOwn(comparisons, comparison)) return undefined
  const compare = comparisons[comparison]
  if (!compare) return undefined
  if (comparison.endsWith('_regex') && !isPattern(value)) return undefined
  return (profile, now) => compare(profile.custom.get(name), value, now)
}

function isPattern(value: Json | undefined): boolean {
  try {
    return isText(value) && RegExp(value) instanceof RegExp
  } catch {
    return false
  }
}
