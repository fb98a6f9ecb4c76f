import { memberPath } from '../definition/check/check-plan.ts'
import type { PlanNote } from './imported-plan.ts'

/** An object of a JSON Schema. */
export type SchemaNode = { readonly [keyword: string]: unknown }

export function isNode(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Where a schema is read, and what is collected on the way. */
export interface SchemaPlace {
  readonly path: string
  /** The document in which `$ref` is looked up. */
  readonly root: SchemaNode
  readonly notes: PlanNote[]
  /** References that are being followed. */
  readonly following: readonly string[]
}

export function inside(place: SchemaPlace, ...names: readonly string[]): SchemaPlace {
  return { ...place, path: names.reduce(memberPath, place.path) }
}

export function note({ notes, path }: SchemaPlace, because: string): void {
  notes.push({ path, because })
}

/** Follows `$ref` inside the document (RFC 6901). `undefined`, with a note, where that leads nowhere or in a circle. */
export function follow(
  schema: unknown,
  place: SchemaPlace,
): { readonly node: SchemaNode; readonly place: SchemaPlace } | undefined {
  if (!isNode(schema)) return undefined
  const reference = schema['$ref']
  if (typeof reference !== 'string') return { node: schema, place }
  if (place.following.includes(reference)) {
    note(place, `refers to itself (${reference}); what is inside is not declared`)
    return undefined
  }
  const target = resolve(reference, place.root)
  if (target === undefined) {
    note(place, `refers to ${reference}, which is not in this document; it is not declared`)
    return undefined
  }
  return follow(target, { ...place, following: [...place.following, reference] })
}

function resolve(reference: string, root: SchemaNode): unknown {
  if (!reference.startsWith('#')) return undefined
  const parts = reference.split('/').slice(1)
  return parts.reduce<unknown>((at, part) => {
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(at)) return (at as readonly unknown[])[Number(name)]
    return isNode(at) && Object.hasOwn(at, name) ? at[name] : undefined
  }, root)
}

const documentation: readonly string[] = ['description', 'title', 'examples', 'default', 'labels', '$comment']
/** What is read, and what says nothing about values. */
const understood: readonly string[] = [
  'type',
  'format',
  'properties',
  'required',
  'items',
  'enum',
  'const',
  '$ref',
  'allOf',
  'anyOf',
  'oneOf',
  '$schema',
  '$id',
  'id',
  '$defs',
  'definitions',
  'additionalProperties',
  'nullable',
  ...documentation,
]

/** Notes the keywords that no plan can hold: patterns, ranges, lengths, conditions. */
export function noteKeywords(node: SchemaNode, place: SchemaPlace): void {
  const unknown = Object.keys(node).filter((keyword) => !understood.includes(keyword))
  if (unknown.length > 0) note(place, `${unknown.join(', ')}: a plan holds types only`)
  if ('enum' in node || 'const' in node) note(place, 'the permitted values: a plan holds types only')
  if (isNode(node['additionalProperties']))
    note(place, 'additionalProperties: a plan holds named properties only')
}

/** How many places of a schema have words for people. */
export function countDocumentation(schema: unknown): number {
  if (Array.isArray(schema)) return schema.reduce((sum: number, each) => sum + countDocumentation(each), 0)
  if (!isNode(schema)) return 0
  const own = documentation.some((keyword) => keyword in schema && !isNode(schema[keyword])) ? 1 : 0
  return Object.values(schema).reduce((sum: number, each) => sum + countDocumentation(each), own)
}
