import type { SimRequest } from '../core/index.ts'
import type { HubspotAccount } from './account.ts'
import { invalid } from './errors.ts'

export type JsonObject = Readonly<Record<string, unknown>>
interface Kinds {
  string: string
  number: number
  boolean: boolean
  array: readonly unknown[]
  strings: readonly string[]
  object: JsonObject
  any: unknown
}
type Kind = keyof Kinds
/** Field name → kind; a `?` after the kind makes it optional. */
export type Shape = Readonly<Record<string, Kind | `${Kind}?`>>
type Optional<S extends Shape> = { [K in keyof S]: S[K] extends `${Kind}?` ? K : never }[keyof S]
export type Shaped<S extends Shape> = {
  readonly [K in Exclude<keyof S, Optional<S>>]: S[K] extends Kind ? Kinds[S[K]] : never
} & { readonly [K in Optional<S>]?: S[K] extends `${infer Name extends Kind}?` ? Kinds[Name] : never }

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const checks: { readonly [Name in Kind]: (value: unknown) => boolean } = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  strings: (value) => Array.isArray(value) && value.every((entry) => typeof entry === 'string'),
  object: isObject,
  any: () => true,
}

/** Body parsed as JSON of any form. HubSpot's parser names line and column; ours only says what it met. */
export function readJson(request: SimRequest): unknown {
  try {
    return request.json() ?? {}
  } catch (cause) {
    throw invalid(`Invalid input JSON on line 1, column 1: ${(cause as Error).message}`)
  }
}

export function readBody<S extends Shape>(account: HubspotAccount, request: SimRequest, shape: S): Shaped<S> {
  return readFields(account, readJson(request), shape)
}

/** Checks one JSON object against its shape: missing, wrong and (by the account's switch) undescribed fields are refused. */
export function readFields<S extends Shape>(
  account: HubspotAccount,
  value: unknown,
  shape: S,
  where = '',
): Shaped<S> {
  if (!isObject(value))
    throw invalid(`Invalid input JSON on line 1, column 1: Cannot deserialize ${where || 'the body'}`)
  for (const [name, rule] of Object.entries(shape)) {
    const kind = (rule.endsWith('?') ? rule.slice(0, -1) : rule) as Kind
    const given = value[name]
    if (given === undefined || (given === null && kind !== 'any')) {
      if (!rule.endsWith('?')) throw missingField(`${where}${name}`)
    } else if (!checks[kind](given)) {
      throw invalid(`Invalid input JSON on line 1, column 1: Cannot deserialize value of \`${where}${name}\``)
    }
  }
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(shape, name))
  if (unknown !== undefined && account.unknownFields === 'refused')
    throw invalid(`Invalid input JSON on line 1, column 1: Unrecognized field "${where}${unknown}"`)
  return value as Shaped<S>
}

function missingField(name: string): Error {
  return invalid(`Invalid input JSON on line 1, column 1: Some required fields were not set: [${name}]`, {
    errors: [{ message: `Some required fields were not set: [${name}]`, in: name }],
  })
}

/** A whole number from the query, refused outside its bounds. */
export function readLimit(
  request: SimRequest,
  { normal, max }: { readonly normal: number; readonly max: number },
): number {
  const text = request.query.get('limit')
  if (text === null) return normal
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > max)
    throw invalid(`limit must be between 1 and ${max}`)
  return limit
}

/** Repeated and comma-separated query values alike. */
export const readNames = (request: SimRequest, name: string): readonly string[] =>
  request.query.getAll(name).flatMap((entry) => entry.split(',').filter(Boolean))
