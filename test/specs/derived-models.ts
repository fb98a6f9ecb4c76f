import { isNode, type Node } from './json-schema.ts'

/** A property or query parameter as a type of TypeScript: `string`, `Array<X>`, `X | null`, `{ [key: string]: X; }`. */
interface Typed {
  readonly type: string
  readonly required: boolean
  readonly enum?: readonly unknown[]
}
export interface DerivedModels {
  readonly models: Readonly<Record<string, { readonly properties?: Readonly<Record<string, Typed>> }>>
}
export interface DerivedOperations {
  readonly operations: readonly {
    readonly method: string
    readonly path: string
    readonly pathParams: readonly string[]
    readonly query: Readonly<Record<string, Typed>>
    readonly requestBody: string | null
    readonly response: string
    /** `v1`, `v1beta` …: the media types. */
    readonly versions: readonly string[]
  }[]
}

/** An OpenAPI document made of a generated SDK's operations and models; only the success of an operation is known. */
export function toOpenApi(
  { operations }: DerivedOperations,
  { models }: DerivedModels,
  include: (name: string) => boolean,
): Node {
  const known = new Set(Object.keys(models))
  const paths: Record<string, Record<string, Node>> = {}
  for (const operation of operations) {
    const { method, path, pathParams, query, requestBody, response, versions } = operation
    if (!include(`${method} ${path}`)) continue
    const content = (type: string): Node =>
      Object.fromEntries(
        versions.map((version) => [
          `application/vnd.segment.${version}+json`,
          { schema: toSchema(type, known) },
        ]),
      )
    const item = (paths[path] ??= {})
    item[method.toLowerCase()] = {
      parameters: [
        ...pathParams.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
        ...Object.entries(query).map(([name, typed]) => ({
          name,
          in: 'query',
          required: typed.required,
          schema: typedSchema(typed, known),
        })),
      ],
      ...(requestBody !== null && { requestBody: { required: true, content: content(requestBody) } }),
      responses: { 200: { content: content(response) }, default: {} },
    }
  }
  const schemas = Object.entries(models).map(([name, { properties = {} }]) => [
    name,
    {
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(properties).map(([field, typed]) => [field, typedSchema(typed, known)]),
      ),
      required: Object.keys(properties).filter((field) => properties[field]?.required),
    },
  ])
  return { openapi: '3.0.3', paths, components: { schemas: Object.fromEntries(schemas) as Node } }
}

const typedSchema = ({ type, enum: allowed }: Typed, known: ReadonlySet<string>): Node =>
  allowed ? { enum: type.endsWith('| null') ? [...allowed, null] : allowed } : toSchema(type, known)

/** A type that the models do not define (`any`, a map's value) allows everything. */
function toSchema(type: string, known: ReadonlySet<string>): Node {
  const text = type.trim()
  const members = splitUnion(text)
  if (members.length > 1) return toUnion(members, known)
  const [, ofArray] = /^Array<(.*)>$/.exec(text) ?? /^(.*)\[\]$/.exec(text) ?? []
  if (ofArray !== undefined) return { type: 'array', items: toSchema(ofArray, known) }
  const [, ofMap] = /^\{\s*\[key: string\]:\s*(.*?);?\s*\}$/.exec(text) ?? []
  if (ofMap !== undefined) return { type: 'object', additionalProperties: toSchema(ofMap, known) }
  const [, literal] = /^'(.*)'$/.exec(text) ?? []
  if (literal !== undefined) return { enum: [literal] }
  if (text === 'string' || text === 'number' || text === 'boolean') return { type: text }
  if (text === 'Date') return { type: 'string', format: 'date-time' }
  if (text === 'null') return { enum: [null] }
  return known.has(text) ? { $ref: `#/components/schemas/${text}` } : {}
}

function toUnion(members: readonly string[], known: ReadonlySet<string>): Node {
  const schemas = members.map((member) => toSchema(member, known))
  const lists = schemas.map((schema) => schema['enum'])
  if (lists.every(Array.isArray)) return { enum: lists.flat() as readonly unknown[] }
  return { anyOf: schemas.filter(isNode) }
}

/** At the `|` that stand in no bracket. */
function splitUnion(text: string): readonly string[] {
  const members: string[] = ['']
  let depth = 0
  for (const character of text) {
    if ('<{('.includes(character)) depth += 1
    if ('>})'.includes(character)) depth -= 1
    if (character === '|' && depth === 0) members.push('')
    else members[members.length - 1] += character
  }
  return members.map((member) => member.trim())
}
