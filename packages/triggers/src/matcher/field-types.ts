import { coerceToField, type FieldType, type Value } from '@tripline/model'
import type { EventMatch } from '../definition/event-match.ts'
import type { TrackingPlan } from '../definition/plan.ts'
import type { Finding } from './core.ts'
import type { MatcherEvent } from './event.ts'

/** The value as the canonical one of a type; `undefined` where it is missing or of another type. */
export type Typed = (value: unknown) => Value | undefined

/** A declared type, and how values are read as it: a value that is not of it is told once. */
export interface Declared {
  readonly type: FieldType
  readonly typed: Typed
}

/** The types that a tracking plan declares. */
export interface FieldTypes {
  trait(path: string): Declared | undefined
  /** Of a property of all events of a match; `varies` when that depends on the event. */
  property(match: EventMatch, path: string): Declared | undefined | 'varies'
  /** Of a property of one event; for `identify`, whose properties are traits, of the trait. */
  propertyOf(event: Pick<MatcherEvent, 'type' | 'name'>, path: string): Declared | undefined
}

export function fieldTypes(
  plan: TrackingPlan,
  finding: ((finding: Finding) => void) | undefined,
): FieldTypes {
  const known = new Map<string, Declared>()
  const declare = (type: FieldType | undefined, field: string, event?: string): Declared | undefined => {
    if (type === undefined) return undefined
    const key = JSON.stringify([field, event])
    let declared = known.get(key)
    if (declared === undefined) {
      const told = { kind: 'type', field, type, ...(event !== undefined && { event }) } as const
      declared = { type, typed: telling(typedAs(type), finding && (() => finding(told))) }
      known.set(key, declared)
    }
    return declared
  }
  const trait = (path: string) => declare(lookUp(plan.traits, path), path)
  const track = (name: string, path: string) =>
    declare(lookUp(lookUp(plan.events, name)?.properties, path), path, name)
  return {
    trait,
    property(match, path) {
      if (match.type === 'track') return track(match.name, path)
      if (match.type === 'identify') return trait(path)
      if (match.type !== 'any') return undefined
      const declaring = Object.values(plan.events).some(({ properties }) => lookUp(properties, path))
      return declaring || lookUp(plan.traits, path) !== undefined ? 'varies' : undefined
    },
    propertyOf({ type, name }, path) {
      if (type === 'identify') return trait(path)
      return type === 'track' && name !== undefined ? track(name, path) : undefined
    },
  }
}

function telling(typed: Typed, tell: (() => void) | undefined): Typed {
  if (tell === undefined) return typed
  let isTold = false
  return (value) => {
    const found = typed(value)
    if (found === undefined && value !== null && value !== undefined && !isTold) {
      isTold = true
      tell()
    }
    return found
  }
}

/** The value as it stands, without a type. */
export const untyped: Typed = (value) =>
  value === null || value === undefined ? undefined : (value as Value)

const simple: { readonly [type in FieldType]?: Typed } = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  number: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
}

export function typedAs(type: FieldType): Typed {
  const field = { of: 'user', name: 'value', type } as const
  return (
    simple[type] ??
    ((value) => {
      const coerced = coerceToField(value, field)
      return coerced.ok ? (coerced.value ?? undefined) : undefined
    })
  )
}

function lookUp<Type>(holder: { readonly [name: string]: Type } | undefined, name: string): Type | undefined {
  return holder !== undefined && Object.hasOwn(holder, name) ? holder[name] : undefined
}
