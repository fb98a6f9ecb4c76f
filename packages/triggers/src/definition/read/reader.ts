import type { Mistake } from '@tripline/model'
import type { JsonSchema, SchemaNames } from '../../schema/json-schema.ts'

/** Where a reader stands, and what was found wrong so far. */
export interface Place {
  readonly path: string
  readonly mistakes: Mistake[]
  /** Lists of conditions stay as they are written, so that paths are those of the input. */
  readonly asWritten?: true
}
/** A reader gives the value in its normal form, or `undefined` with at least one mistake added. */
export interface Read<Type> {
  (input: unknown, place: Place): Type | undefined
  /** What it takes, as far as JSON Schema can say it. */
  readonly describe: (names: SchemaNames) => JsonSchema
}

/** What to do where a field is absent: it is a mistake, it stays absent, or it has this value. */
export type FieldReader<Type> =
  | { readonly read: Read<Type>; readonly absent: 'required' | 'omitted' }
  | { readonly read: Read<Type>; readonly absent: 'default'; readonly value: Type }
export type FieldReaders<Type> = {
  readonly [Name in keyof Type]-?: FieldReader<Exclude<Type[Name], undefined>>
}

export function reader<Type>(
  read: (input: unknown, place: Place) => Type | undefined,
  describe: Read<Type>['describe'],
): Read<Type> {
  return Object.assign(read, { describe })
}
/** Described once, under this name. */
export function named<Type>(name: string, read: Read<Type>): Read<Type> {
  return reader(
    (input, place) => read(input, place),
    (names) => names.define(name, () => read.describe(names)),
  )
}
/** A reader that is defined further down: what holds itself. */
export function later<Type>(find: () => Read<Type>): Read<Type> {
  return reader(
    (input, place) => find()(input, place),
    (names) => find().describe(names),
  )
}

export function required<Type>(read: Read<Type>): FieldReader<Type> {
  return { read, absent: 'required' }
}
export function optional<Type>(read: Read<Type>): FieldReader<Type> {
  return { read, absent: 'omitted' }
}
export function defaulted<Type>(read: Read<Type>, value: Type): FieldReader<Type> {
  return { read, absent: 'default', value }
}

export function refuse(place: Place, message: string, allowed?: readonly string[]): undefined {
  place.mistakes.push({ path: place.path, message, ...(allowed && { allowed }) })
}

const plainName = /^[A-Za-z_$][\w$]*$/
export function at(place: Place, name: string | number): Place {
  const { path } = place
  if (typeof name === 'number') return { ...place, path: `${path}[${name}]` }
  if (!plainName.test(name)) return { ...place, path: `${path}[${JSON.stringify(name)}]` }
  return { ...place, path: path === '' ? name : `${path}.${name}` }
}

export function isRecord(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
}
