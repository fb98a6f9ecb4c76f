import type { JsonSchema, SchemaNames } from '../../schema/json-schema.ts'
import { at, isRecord, reader, refuse, type FieldReader, type FieldReaders, type Read } from './reader.ts'

type Entries = readonly (readonly [string, FieldReader<unknown>])[]

/** An object of exactly these fields; others are mistakes. The result has its fields in the order of the table. */
export function object<Type extends object>(fields: FieldReaders<Type>): Read<Type> {
  const entries = Object.entries(fields) as Entries
  return reader(
    (input, place) => {
      if (!isRecord(input)) return refuse(place, 'is no object')
      for (const name of Object.keys(input)) {
        if (!Object.hasOwn(fields, name)) refuse(at(place, name), 'is no field here', Object.keys(fields))
      }
      const result: Record<string, unknown> = {}
      for (const [name, field] of entries) {
        const value = Object.hasOwn(input, name) ? input[name] : undefined
        if (value !== undefined) result[name] = field.read(value, at(place, name))
        else if (field.absent === 'required') refuse(at(place, name), 'is missing')
        else if (field.absent === 'default') result[name] = field.value
      }
      return result as Type
    },
    (names) => describeFields(entries, names),
  )
}

function describeFields(entries: Entries, names: SchemaNames): JsonSchema {
  const required = entries.flatMap(([name, { absent }]) => (absent === 'required' ? [name] : []))
  const describeField = (field: FieldReader<unknown>): JsonSchema => {
    const schema = field.read.describe(names)
    if (field.absent !== 'default' || typeof schema === 'boolean') return schema
    return { ...schema, default: field.value }
  }
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, field]) => [name, describeField(field)])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  }
}

/** A list; `least` and `most` are the smallest and the greatest length. */
export function list<Type>(
  read: Read<Type>,
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
): Read<readonly Type[]> {
  return reader(
    (input, place) => {
      if (!Array.isArray(input)) return refuse(place, 'is no list')
      if (input.length < least) return refuse(place, `needs at least ${least}`)
      if (input.length > most) return refuse(place, `has ${input.length}; at most ${most} are allowed`)
      return (input as readonly unknown[]).map((each, index) => read(each, at(place, index)) as Type)
    },
    (names) => ({
      type: 'array',
      items: read.describe(names),
      ...(least > 0 && { minItems: least }),
      ...(most < Number.MAX_SAFE_INTEGER && { maxItems: most }),
    }),
  )
}

/** An object whose names are free, or any that `readName` takes. */
export function record<Type>(
  read: Read<Type>,
  readName?: Read<string>,
): Read<{ readonly [name: string]: Type }> {
  return reader(
    (input, place) => {
      if (!isRecord(input)) return refuse(place, 'is no object')
      for (const name of Object.keys(input)) readName?.(name, at(place, name))
      return Object.fromEntries(
        Object.entries(input).map(([name, value]) => [name, read(value, at(place, name)) as Type]),
      )
    },
    (names) => ({
      type: 'object',
      additionalProperties: read.describe(names),
      ...(readName && { propertyNames: readName.describe(names) }),
    }),
  )
}

/** One of several objects, told apart by the text in their field `tag`, which each of them must read itself. */
export function choice<Type>(tag: string, readers: { readonly [kind: string]: Read<Type> }): Read<Type> {
  return reader(
    (input, place) => {
      if (!isRecord(input)) return refuse(place, 'is no object')
      const kind = input[tag]
      const read = typeof kind === 'string' && Object.hasOwn(readers, kind) ? readers[kind] : undefined
      if (read === undefined) {
        const message = kind === undefined ? 'is missing' : 'is unknown'
        return refuse(at(place, tag), message, Object.keys(readers))
      }
      return read(input, place)
    },
    (names) => oneOf([...new Set(Object.values(readers))].map((read) => read.describe(names))),
  )
}

/** A value that fits one of these schemas; choices inside are made flat. */
export function oneOf(schemas: readonly JsonSchema[]): JsonSchema {
  const flat = schemas.flatMap((schema) =>
    typeof schema === 'object' && Array.isArray(schema['anyOf']) && Object.keys(schema).length === 1
      ? (schema['anyOf'] as readonly JsonSchema[])
      : [schema],
  )
  const [only] = flat
  return flat.length === 1 && only !== undefined ? only : { anyOf: flat }
}
