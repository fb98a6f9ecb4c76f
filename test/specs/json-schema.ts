/** Any node of an OpenAPI document. */
export type Node = { readonly [name: string]: unknown }

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function mapValues(node: Node, change: (value: unknown) => unknown): Node {
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, change(value)]))
}

/** Follows `$ref`s inside one document (RFC 6901). */
export function resolveReference(document: Node, value: unknown): Node | undefined {
  let node = value
  while (isNode(node) && typeof node['$ref'] === 'string') {
    const parts = node['$ref'].split('/').slice(1)
    node = parts.reduce<unknown>((at, part) => (isNode(at) ? at[unescapePointer(part)] : undefined), document)
  }
  return isNode(node) ? node : undefined
}
const unescapePointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~')

export interface Dialect {
  readonly document: Node
  /** Fields that no schema describes are refused. */
  readonly strict: boolean
}
/** The names under which ajv knows the schemas of a document: as they are, and closed to undescribed fields. */
export const schemaIds = { open: 'open', closed: 'closed' } as const

/** Documentation, and keywords of OpenAPI that mean nothing to ajv. */
const ignored = ['example', 'examples', 'discriminator', 'xml', 'deprecated', 'externalDocs'] as const
const combinators = ['oneOf', 'anyOf', 'allOf'] as const

/**
 * An OpenAPI schema as JSON Schema for ajv; references stay in place, because the documents are circular. What an
 * `allOf` combines, and what adds to `properties`, stays open in strict mode, too: the parts do not know of each other's
 * fields.
 */
export function toJsonSchema(schema: unknown, dialect: Dialect, inAll = false): unknown {
  if (!isNode(schema)) return schema
  const strict = dialect.strict && !inAll
  if (typeof schema['$ref'] === 'string')
    return { $ref: schema['$ref'].replace('#/', `${strict ? schemaIds.closed : schemaIds.open}#/`) }
  const made: Record<string, unknown> = { ...schema }
  for (const name of ignored) delete made[name]
  dropMistakes(made)
  const within = { ...dialect, strict }
  if (isNode(made['properties']))
    made['properties'] = mapValues(made['properties'], (entry) => toJsonSchema(entry, within))
  for (const name of combinators) {
    const list = made[name]
    const open = inAll || name === 'allOf' || made['properties'] !== undefined
    if (Array.isArray(list)) made[name] = list.map((entry) => toJsonSchema(entry, dialect, open))
  }
  for (const name of ['items', 'additionalProperties', 'not'])
    if (made[name] !== undefined) made[name] = toJsonSchema(made[name], within)
  if (strict && isClosed(made)) made['additionalProperties'] = false
  return asNullable(splitByMarker(made, schema, dialect))
}

/**
 * What descriptions get wrong: a date format on numbers, `uri` for paths and `byte` for plain text (their own examples
 * break these), `required: true` on a property, defaults of a wrong type.
 */
function dropMistakes(made: Record<string, unknown>): void {
  delete made['default']
  const { format, type } = made
  if (type !== 'string' || format === 'uri' || format === 'byte') delete made['format']
  if (!Array.isArray(made['required'])) delete made['required']
}

function isClosed(made: Node): boolean {
  const isObject = made['type'] === undefined || made['type'] === 'object'
  const branches = combinators.flatMap((name) => made[name] ?? [])
  // Branches that only demand (`required: [email]`) bring no fields of their own.
  const combined = branches.some((branch) => !isNode(branch) || bringsFields.some((name) => name in branch))
  return (
    isObject && made['properties'] !== undefined && made['additionalProperties'] === undefined && !combined
  )
}

const bringsFields = ['properties', '$ref', 'additionalProperties', ...combinators] as const

function asNullable(made: Node): Node {
  const { nullable, ...rest } = made
  if (!nullable) return rest
  const list = rest['enum'] as readonly unknown[] | undefined
  const withNull = list && !list.includes(null) ? { ...rest, enum: [...list, null] } : rest
  return rest['type'] === undefined
    ? { anyOf: [withNull, { type: 'null' }] }
    : { ...withNull, type: [rest['type'], 'null'] }
}

/**
 * A `oneOf` whose branches are told apart by a field of one allowed value (`type`, `filterBranchType` …) becomes a choice
 * by that field, so that errors speak of the branch that was meant, not of all of them.
 */
function splitByMarker(made: Record<string, unknown>, schema: Node, { document }: Dialect): Node {
  const branches = schema['oneOf']
  if (!Array.isArray(branches) || branches.length < 2 || made['properties'] !== undefined) return made
  const targets = branches.map((branch) => markersOf(resolveReference(document, branch)))
  const marker = Object.keys(targets[0] ?? {}).find((name) => {
    const values = targets.map((target) => target[name])
    return values.every((value) => value !== undefined) && new Set(values).size === values.length
  })
  if (marker === undefined) return made
  const { oneOf, ...rest } = made
  const values = targets.map((target) => target[marker])
  const choose = (then: unknown, index: number): unknown => ({
    if: { type: 'object', properties: { [marker]: { const: values[index] } }, required: [marker] },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then,
  })
  return {
    ...rest,
    type: 'object',
    properties: { [marker]: { enum: values } },
    required: [marker],
    allOf: [
      ...((rest['allOf'] as readonly unknown[] | undefined) ?? []),
      ...(oneOf as readonly unknown[]).map(choose),
    ],
  }
}

/** Required fields of one allowed value. */
function markersOf(schema: Node | undefined): Readonly<Record<string, unknown>> {
  const required = Array.isArray(schema?.['required']) ? schema['required'] : []
  const properties = isNode(schema?.['properties']) ? schema['properties'] : {}
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, entry]) => {
      const list = isNode(entry) ? entry['enum'] : undefined
      return required.includes(name) && Array.isArray(list) && list.length === 1 ? [[name, list[0]]] : []
    }),
  )
}
