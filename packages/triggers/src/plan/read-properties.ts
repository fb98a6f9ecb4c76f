import type { FieldType } from '@tripline/model'
import type { PropertyTypes } from '../definition/plan.ts'
import {
  countDocumentation,
  follow,
  inside,
  isNode,
  note,
  noteKeywords,
  type SchemaNode,
  type SchemaPlace,
} from './schema-node.ts'

/** The properties that a JSON Schema of an object declares, as a plan has them. */
export interface ReadProperties {
  readonly properties: PropertyTypes
  readonly required: readonly string[]
}
interface Draft {
  readonly types: Map<string, FieldType>
  readonly required: Set<string>
}

/**
 * Reads a JSON Schema (drafts 4 to 2020-12) of a bag of properties. `format: date` and `date-time` become `date` and
 * `instant`, a list of texts `strings`, objects the paths of what they hold. Several types but `null` cannot be held.
 */
export function readProperties(schema: unknown, place: SchemaPlace): ReadProperties {
  const draft: Draft = { types: new Map(), required: new Set() }
  readObject(schema, '', place, draft)
  const words = countDocumentation(schema)
  if (words > 0) note(place, `descriptions (${words}): a plan holds none`)
  const declared = [...draft.types.keys()]
  const required = [...draft.required].filter((name) => {
    if (declared.some((path) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[]`)))
      return true
    note(place, `"${name}" is required, but has no type that a plan can hold`)
    return false
  })
  return { properties: Object.fromEntries(draft.types), required }
}

function readObject(schema: unknown, prefix: string, place: SchemaPlace, draft: Draft): void {
  const followed = follow(schema, place)
  if (followed === undefined) return
  const { node, place: here } = followed
  noteKeywords(node, here)
  for (const keyword of ['anyOf', 'oneOf']) {
    if (keyword in node) note(here, `${keyword}: a plan holds no choices`)
  }
  if (Array.isArray(node['allOf'])) {
    for (const [index, part] of node['allOf'].entries())
      readObject(part, prefix, { ...here, path: `${here.path}.allOf[${index}]` }, draft)
  }
  if (isNode(node['properties'])) {
    for (const [name, each] of Object.entries(node['properties']))
      readProperty(name, each, prefix, inside(here, 'properties', name), draft)
  }
  if (Array.isArray(node['required'])) {
    for (const name of node['required'] as readonly unknown[]) {
      if (typeof name === 'string') draft.required.add(prefix + name)
    }
  }
}

function readProperty(name: string, schema: unknown, prefix: string, place: SchemaPlace, draft: Draft): void {
  if (!/^[^.[\]\s][^.[\]]*$/.test(name)) {
    return note(
      place,
      'the name has dots, brackets or a space in front, which no path can have; it is not declared',
    )
  }
  readValue(schema, prefix + name, place, draft)
}

/** Declares what stands at a path. */
function readValue(schema: unknown, path: string, place: SchemaPlace, draft: Draft): void {
  const followed = follow(withoutNull(schema), place)
  if (followed === undefined) {
    if (!isNode(schema)) note(place, 'has no type; it is not declared')
    return
  }
  const { node, place: here } = followed
  const type = typeOf(node)
  if (type === undefined) return note(here, whyUndeclared(node))
  if (type === 'array') return readList(node, path, here, draft)
  if (type === 'object') {
    const before = draft.types.size
    readObject(node, `${path}.`, here, draft)
    if (draft.types.size === before) declare(path, 'object', here, draft)
    return undefined
  }
  noteKeywords(node, here)
  const { format } = node
  if (type === 'string' && format !== undefined && format !== 'date' && format !== 'date-time')
    note(here, `format ${JSON.stringify(format)}: a plan holds types only`)
  const held =
    type === 'string' ? (format === 'date' ? 'date' : format === 'date-time' ? 'instant' : type) : type
  return declare(path, held, here, draft)
}

function readList(node: SchemaNode, path: string, place: SchemaPlace, draft: Draft): void {
  const followed = follow(withoutNull(node['items']), place)
  const items = followed?.node
  noteKeywords(node, place)
  const type = items && typeOf(items)
  if (followed === undefined || items === undefined || type === undefined || type === 'array') {
    return declare(path, 'object', place, draft)
  }
  if (type === 'string' && items['format'] === undefined) {
    noteKeywords(items, inside(followed.place, 'items'))
    return declare(path, 'strings', place, draft)
  }
  if (type !== 'object') return readValue(items, `${path}[]`, inside(followed.place, 'items'), draft)
  const before = draft.types.size
  readObject(items, `${path}[].`, inside(followed.place, 'items'), draft)
  return draft.types.size === before ? declare(path, 'object', place, draft) : undefined
}

function declare(path: string, type: FieldType, place: SchemaPlace, { types }: Draft): void {
  const other = types.get(path)
  if (other === undefined) types.set(path, type)
  else if (other !== type) note(place, `is ${type} here and ${other} elsewhere; ${other} stays`)
}

const plainTypes = ['string', 'number', 'integer', 'boolean', 'object', 'array'] as const
type PlainType = (typeof plainTypes)[number]

/** The one type that a schema allows beside `null`, also where only its values say so. */
function typeOf(node: SchemaNode): PlainType | undefined {
  const { type } = node
  const named = (
    Array.isArray(type) ? (type as readonly unknown[]) : type === undefined ? [] : [type]
  ).filter((each) => each !== 'null')
  if (named.length === 0) return typeOfValues(node)
  const numeric = named.length === 2 && named.includes('number') && named.includes('integer')
  const [only] = numeric ? ['number'] : named
  return named.length === 1 || numeric ? plainTypes.find((each) => each === only) : undefined
}

function typeOfValues(node: SchemaNode): PlainType | undefined {
  if (isNode(node['properties'])) return 'object'
  if ('items' in node) return 'array'
  const values = 'const' in node ? [node['const']] : node['enum']
  if (!Array.isArray(values)) return undefined
  const types = new Set(
    (values as readonly unknown[]).filter((value) => value !== null).map((value) => typeof value),
  )
  const [only] = types
  return types.size === 1 ? plainTypes.find((each) => each === only) : undefined
}

function whyUndeclared(node: SchemaNode): string {
  const { type } = node
  if (Array.isArray(type)) return `has several types (${type.join(', ')}); it is not declared`
  if ('anyOf' in node || 'oneOf' in node || 'allOf' in node)
    return 'is a choice of several types; it is not declared'
  return type === undefined
    ? 'has no type; it is not declared'
    : `is ${JSON.stringify(type)}; it is not declared`
}

/** `anyOf: [X, null]` is X: a property may be null anyway. */
function withoutNull(schema: unknown): unknown {
  if (!isNode(schema)) return schema
  const choices = schema['anyOf'] ?? schema['oneOf']
  if (!Array.isArray(choices) || schema['type'] !== undefined) return schema
  const others = (choices as readonly unknown[]).filter((each) => !isNode(each) || each['type'] !== 'null')
  return others.length === 1 ? others[0] : schema
}
