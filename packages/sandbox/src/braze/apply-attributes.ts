import { nestedValue, operate, plainArray, type Written } from './attribute-operations.ts'
import { coerce, isOfType, typeOf } from './attribute-values.ts'
import type { BrazeContext } from './context.ts'
import { isList, isObject, type Json, type JsonObject } from './json.ts'
import { sizeLimits } from './limits.ts'
import type { Profile } from './profile.ts'
import { isReserved, storeReserved } from './reserved-attributes.ts'

/** Writes all values of one attributes object, in the order they stand in it. */
export function applyAttributes(
  context: BrazeContext,
  profile: Profile,
  values: JsonObject,
  now: number,
): void {
  const merge = values['_merge_objects'] === true
  for (const [name, value] of Object.entries(values)) {
    if (isReserved(name)) storeReserved(context, profile, name, value)
    else writeCustom(context, profile, { name, value, merge })
  }
  context.store.profiles.touch(profile, now)
}

interface Write {
  readonly name: string
  readonly value: Json
  readonly merge: boolean
}

function writeCustom(
  { store, account }: BrazeContext,
  profile: Profile,
  { name, value, merge }: Write,
): void {
  const defined = store.attributes.get(name)
  if (name === '' || name.length > sizeLimits.textChars.max)
    return store.lose(name.slice(0, 32), 'name over 255 characters')
  if (defined?.status === 'Blocklisted') return store.lose(name, 'blocklisted')
  if (value === null) {
    store.points.attributes++
    profile.custom.delete(name)
    return
  }
  const rules = { merge, longArrays: account.longArrays }
  const before = profile.custom.get(name)
  const written = operate(before, value, rules) ?? whole(before, value, rules, account.isoTextIsTime)
  if ('lost' in written) return store.lose(name, written.lost)
  const type = defined?.type ?? written.type
  const fits = isOfType(written.value, type, account.isoTextIsTime)
  const stored = fits || account.typeConflict === 'coerce' ? coerce(written.value, type) : undefined
  const clash = type !== written.type && (type === 'Array' || type === 'Object Array') && !fits
  if (stored === undefined || clash) return store.lose(name, `not a ${type}`)
  if (!defined) store.attributes.set(name, { name, type })
  store.points.attributes += written.points
  profile.custom.set(name, stored)
}

function whole(
  before: Json | undefined,
  value: Json,
  rules: { readonly merge: boolean; readonly longArrays: 'drop' | 'cut' },
  isoTextIsTime: boolean,
): Written {
  if (typeof value === 'string' && value.length > sizeLimits.textChars.max)
    return { lost: 'text over 255 characters' }
  if (isList(value) && !value.some(isObject)) return plainArray(value, rules)
  if (isList(value) || isObject(value)) return nestedValue(before, value, rules)
  return { value, type: typeOf(value, isoTextIsTime), points: 1 }
}
