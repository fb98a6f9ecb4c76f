import { createCompiler, type Compile } from './compile.ts'
import { isNode, resolveReference, type Node } from './json-schema.ts'
import { findOperations, listOperations, mediaOf, responseOf, type Operation } from './operations.ts'
import { checkParameters, coerce } from './parameters.ts'

/** A body that was read; a form's fields are texts. */
export interface Body {
  readonly type: string
  readonly value: unknown
}
export interface Exchange {
  readonly method: string
  /** As sent, percent-encoded, without the host. */
  readonly path: string
  readonly query: URLSearchParams
  readonly request: Body | undefined
  readonly status: number
  readonly response: Body | undefined
}
export interface Violation {
  /** `METHOD /path/{template}` of the description; the path as sent when it has none. */
  readonly operation: string
  /** `path`: no description has the operation. */
  readonly side: 'path' | 'request' | 'response'
  /** Place and message; indexes of lists are `*`. */
  readonly what: string
}
export interface Description {
  /** The operation that this exchange is, and what is wrong with it. */
  check(exchange: Exchange): { readonly operation: string; readonly violations: readonly Violation[] }
}
export interface DescriptionOptions {
  /** Fields and parameters that the document does not describe are refused in requests. */
  readonly strictRequests: boolean
}

interface Described extends Operation {
  readonly document: Node
  readonly request: Compile
  readonly response: Compile
}

/** A description in one or several OpenAPI documents. Schemas compile on first use. */
export function describeApi(documents: readonly Node[], { strictRequests }: DescriptionOptions): Description {
  const operations = documents.flatMap((document): readonly Described[] => {
    const request = createCompiler(document, strictRequests)
    const response = createCompiler(document, false)
    return listOperations(document).map((operation) => ({ ...operation, document, request, response }))
  })
  return {
    check(exchange) {
      const found = findOperations(operations, exchange.method, exchange.path) as readonly Described[]
      const name = found[0]?.name ?? `${exchange.method} ${exchange.path}`
      if (found.length === 0)
        return { operation: name, violations: [{ operation: name, side: 'path', what: 'is not described' }] }
      const request = splitVariants(found, exchange).flatMap((each) =>
        fewest(found.map((operation) => checkRequest(operation, each, strictRequests))),
      )
      const response = fewest(found.map((operation) => checkResponse(operation, exchange)))
      return {
        operation: name,
        violations: [
          ...[...new Set(request)].map((what) => ({ operation: name, side: 'request' as const, what })),
          ...response.map((what) => ({ operation: name, side: 'response' as const, what })),
        ],
      }
    },
  }
}

const fewest = (answers: readonly (readonly string[])[]): readonly string[] =>
  answers.reduce((best, answer) => (answer.length < best.length ? answer : best))

/** A batch of records that are described one kind at a time is checked record by record. */
function splitVariants(found: readonly Operation[], exchange: Exchange): readonly Exchange[] {
  const { request } = exchange
  if (!found.every(({ isVariant }) => isVariant) || !request || !Array.isArray(request.value))
    return [exchange]
  return request.value.map((record: unknown) => ({ ...exchange, request: { ...request, value: [record] } }))
}

function checkRequest(operation: Described, exchange: Exchange, strict: boolean): readonly string[] {
  const { document, request: compile } = operation
  const parameters = checkParameters(operation, exchange.path, exchange.query, { document, compile, strict })
  return [...parameters, ...checkRequestBody(operation, exchange.request)]
}

function checkRequestBody({ document, node, request }: Described, body: Body | undefined): readonly string[] {
  const described = resolveReference(document, node['requestBody'])
  if (!body) return described?.['required'] === true ? ['the body is missing'] : []
  if (!described) return ['a body is not described']
  const media = mediaOf(document, described, body.type)
  if (media === undefined) return []
  if (media === 'undescribed') return [`a body of type ${body.type} is not described`]
  const schema = media['schema']
  const value = body.type.includes('form') ? coerceForm(document, schema, body.value) : body.value
  return schema === undefined ? [] : request(schema)(value)
}

function coerceForm(document: Node, schema: unknown, value: unknown): unknown {
  const properties = resolveReference(document, schema)?.['properties']
  if (!isNode(value) || !isNode(properties)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [name, coerce(document, properties[name], [String(text)])]),
  )
}

function checkResponse(operation: Described, { status, response }: Exchange): readonly string[] {
  const { document } = operation
  const described = responseOf(operation, status)
  if (described === undefined) return [`status ${status} is not described`]
  const media = response && mediaOf(document, described, response.type)
  if (!response || media === undefined) return []
  if (media === 'undescribed') return [`${status}: a body of type ${response.type} is not described`]
  const schema = media['schema']
  return schema === undefined
    ? []
    : operation
        .response(schema)(response.value)
        .map((what) => `${status}: ${what}`)
}
