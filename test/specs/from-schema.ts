import { fc } from '@fast-check/vitest'
import { isNode, type Node } from './json-schema.ts'

/** What a random text for a pattern would hardly ever be, though a pattern cannot say it: `pattern` → good texts. */
export type Texts = Readonly<Record<string, readonly string[]>>

interface Workshop {
  readonly definitions: Readonly<Record<string, Node>>
  readonly texts: Texts
  readonly heightOf: (schema: unknown) => number
  /** By name and depth. */
  readonly made: Map<string, fc.Arbitrary<unknown>>
}
type Make = (schema: Node, left: number, shop: Workshop) => fc.Arbitrary<unknown>

/** Random values that fit a JSON Schema of the kind that `definitionsSchema` makes. `depth`: how many references deep. */
export function fromSchema(root: Node, texts: Texts, depth: number): fc.Arbitrary<unknown> {
  const definitions = root['$defs'] as Readonly<Record<string, Node>>
  return make(root, depth, { definitions, texts, heightOf: createHeights(definitions), made: new Map() })
}

function make(schema: unknown, left: number, shop: Workshop): fc.Arbitrary<unknown> {
  if (!isNode(schema)) return fc.jsonValue({ maxDepth: 1 })
  if (typeof schema['$ref'] === 'string') return makeReference(schema, left, shop)
  if ('const' in schema) return fc.constant(schema['const'])
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]))
  if (Array.isArray(schema['anyOf'])) return makeOneOf(schema, left, shop)
  if (schema['type'] === 'object') return makeObject(schema, left, shop)
  if (schema['type'] === 'array') return makeList(schema, left, shop)
  if (Array.isArray(schema['allOf'])) return make(schema['allOf'][0], left, shop).map(withoutWindow)
  return makeScalar(schema, shop.texts)
}

const makeReference: Make = (schema, left, shop) => {
  const name = String(schema['$ref']).split('/').at(-1) ?? ''
  const key = `${name} ${left}`
  const arbitrary = shop.made.get(key) ?? make(shop.definitions[name], left - 1, shop)
  shop.made.set(key, arbitrary)
  return arbitrary
}

const makeOneOf: Make = (schema, left, shop) => {
  const schemas = schema['anyOf'] as readonly unknown[]
  const least = Math.min(...schemas.map(shop.heightOf))
  const allowed = schemas.filter((each) => shop.heightOf(each) <= Math.max(left, least))
  return fc.oneof(...allowed.map((each) => make(each, left, shop)))
}

const makeObject: Make = (schema, left, shop) => {
  const properties = Object.entries((schema['properties'] ?? {}) as Node)
  if (properties.length === 0) return makeFree(schema, left, shop)
  const required = (schema['required'] ?? []) as readonly string[]
  // Names of which there is exactly one.
  const choices = (schema['oneOf'] ?? []) as readonly { readonly required: readonly string[] }[]
  const alternatives =
    schema['maxProperties'] === 1
      ? properties.map(([name]) => name)
      : choices.map((each) => each.required[0] ?? '')
  const build = (kept: string | undefined): fc.Arbitrary<unknown> => {
    const wanted = properties.filter(([name, each]) => {
      if (name === kept || required.includes(name)) return true
      return !alternatives.includes(name) && left > 0 && shop.heightOf(each) <= left
    })
    return fc.record(Object.fromEntries(wanted.map(([name, each]) => [name, make(each, left, shop)])), {
      requiredKeys: [...required, ...(kept === undefined ? [] : [kept])],
    })
  }
  const built = alternatives.length === 0 ? build(undefined) : fc.oneof(...alternatives.map(build))
  return Array.isArray(schema['allOf']) ? built.map(withoutFirstGap) : built
}

const makeFree: Make = (schema, left, shop) => {
  const names = isNode(schema['propertyNames'])
    ? (makeScalar(schema['propertyNames'], shop.texts) as fc.Arbitrary<string>)
    : fc.constantFrom('a', 'b c')
  return fc.dictionary(names, make(schema['additionalProperties'], left, shop), { maxKeys: 2 })
}

const makeList: Make = (schema, left, shop) => {
  const minLength = Number(schema['minItems'] ?? 0)
  return fc.array(make(schema['items'], left, shop), { minLength, maxLength: minLength + (left > 0 ? 1 : 0) })
}

function makeScalar(schema: Node, texts: Texts): fc.Arbitrary<unknown> {
  const { type, minimum, maximum, pattern, format } = schema
  const range = {
    ...(typeof minimum === 'number' && { min: minimum }),
    ...(typeof maximum === 'number' && { max: maximum }),
  }
  if (type === 'boolean') return fc.boolean()
  if (type === 'integer') {
    const inside = (value: number) => Math.min(Math.max(value, Number(minimum)), Number(maximum))
    return fc.maxSafeInteger().map(inside)
  }
  if (type === 'number') return fc.double({ ...range, noNaN: true, noDefaultInfinity: true })
  const key = [pattern, format].find((each) => typeof each === 'string') ?? ''
  const known = texts[key]
  if (known) return fc.constantFrom(...known)
  return key === '' ? fc.string({ minLength: 1, maxLength: 4 }) : fc.stringMatching(new RegExp(key))
}

/** The window that a condition over a session must not have. */
function withoutWindow(value: unknown): unknown {
  const { within: _, ...rest } = value as Node
  return rest
}
/** The gap that the first step of a sequence must not have. */
function withoutFirstGap(value: unknown): unknown {
  const [first, ...others] = (value as { readonly steps: readonly Node[] }).steps
  const { gap: _, ...rest } = first ?? {}
  return { ...(value as Node), steps: [rest, ...others] }
}

/** How many references a value of a schema needs at least. */
function createHeights(definitions: Readonly<Record<string, Node>>): (schema: unknown) => number {
  const known = new Map<string, number>()
  const heightOf = (schema: unknown): number => {
    if (!isNode(schema)) return 0
    if (typeof schema['$ref'] === 'string') {
      return 1 + (known.get(schema['$ref'].split('/').at(-1) ?? '') ?? Infinity)
    }
    if (Array.isArray(schema['anyOf'])) return Math.min(...schema['anyOf'].map(heightOf))
    if (Array.isArray(schema['allOf']) && schema['type'] === undefined) return heightOf(schema['allOf'][0])
    if (schema['type'] === 'array') return Number(schema['minItems'] ?? 0) > 0 ? heightOf(schema['items']) : 0
    const properties = (schema['properties'] ?? {}) as Node
    const required = (schema['required'] ?? []) as readonly string[]
    return Math.max(0, ...required.map((name) => heightOf(properties[name])))
  }
  for (let changed = true; changed;) {
    changed = false
    for (const [name, schema] of Object.entries(definitions)) {
      const height = heightOf(schema)
      changed ||= known.get(name) !== height
      known.set(name, height)
    }
  }
  return heightOf
}
