import type { Mistake } from '@tripline/model'

/** Where a reader stands, and what was found wrong so far. */
export interface Place {
  readonly path: string
  readonly mistakes: Mistake[]
}
/** The value in its normal form, or `undefined` with at least one mistake added. */
export type Read<Type> = (input: unknown, place: Place) => Type | undefined

/** What to do where a field is absent: it is a mistake, it stays absent, or it has this value. */
export type FieldReader<Type> =
  | { readonly read: Read<Type>; readonly absent: 'required' | 'omitted' }
  | { readonly read: Read<Type>; readonly absent: 'default'; readonly value: Type }
export type FieldReaders<Type> = {
  readonly [Name in keyof Type]-?: FieldReader<Exclude<Type[Name], undefined>>
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
  const { path, mistakes } = place
  if (typeof name === 'number') return { path: `${path}[${name}]`, mistakes }
  if (!plainName.test(name)) return { path: `${path}[${JSON.stringify(name)}]`, mistakes }
  return { path: path === '' ? name : `${path}.${name}`, mistakes }
}

export function isRecord(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
}

/** An object of exactly these fields; others are mistakes. The result has its fields in the order of the table. */
export function object<Type extends object>(fields: FieldReaders<Type>): Read<Type> {
  const entries = Object.entries(fields) as readonly (readonly [string, FieldReader<unknown>])[]
  return (input, place) => {
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
  }
}

/** A list; `least` and `most` are the smallest and the greatest length. */
export function list<Type>(
  read: Read<Type>,
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
): Read<readonly Type[]> {
  return (input, place) => {
    if (!Array.isArray(input)) return refuse(place, 'is no list')
    if (input.length < least) return refuse(place, `needs at least ${least}`)
    if (input.length > most) return refuse(place, `has ${input.length}; at most ${most} are allowed`)
    return (input as readonly unknown[]).map((each, index) => read(each, at(place, index)) as Type)
  }
}

/** An object whose names are free, or any that `readName` takes. */
export function record<Type>(
  read: Read<Type>,
  readName?: Read<string>,
): Read<{ readonly [name: string]: Type }> {
  return (input, place) => {
    if (!isRecord(input)) return refuse(place, 'is no object')
    for (const name of Object.keys(input)) readName?.(name, at(place, name))
    return Object.fromEntries(
      Object.entries(input).map(([name, value]) => [name, read(value, at(place, name)) as Type]),
    )
  }
}

/** One of several objects, told apart by the text in their field `tag`. */
export function choice<Type>(tag: string, readers: { readonly [kind: string]: Read<Type> }): Read<Type> {
  return (input, place) => {
    if (!isRecord(input)) return refuse(place, 'is no object')
    const kind = input[tag]
    const read = typeof kind === 'string' && Object.hasOwn(readers, kind) ? readers[kind] : undefined
    if (read === undefined) {
      return refuse(at(place, tag), kind === undefined ? 'is missing' : 'is unknown', Object.keys(readers))
    }
    return read(input, place)
  }
}
