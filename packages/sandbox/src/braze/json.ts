/** What a JSON body can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export type JsonObject = { readonly [name: string]: Json }

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isText = (value: unknown): value is string => typeof value === 'string'

/** Text that is not empty: what every Braze identifier has to be. */
export const isName = (value: unknown): value is string => typeof value === 'string' && value !== ''

export const isList = (value: unknown): value is readonly Json[] => Array.isArray(value)

/** Text of a field that a check has found to be text; empty otherwise. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Size as Braze counts it: bytes of the compact JSON. */
export const jsonBytes = (value: Json): number => Buffer.byteLength(JSON.stringify(value))
