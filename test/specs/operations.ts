import { isNode, resolveReference, type Node } from './json-schema.ts'

export interface Operation {
  /** `METHOD /path/{template}`, with the server's base path and without an anchor. */
  readonly name: string
  readonly method: string
  /** One group per `{parameter}`. */
  readonly pattern: RegExp
  readonly parameterNames: readonly string[]
  /** Segments of the path without a parameter; more of them win. */
  readonly literals: number
  /** The path has a `#anchor`: one of several descriptions of the same endpoint. */
  readonly isVariant: boolean
  readonly parameters: readonly Node[]
  readonly node: Node
}

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const

/** All operations of an OpenAPI document. */
export function listOperations(document: Node): readonly Operation[] {
  const base = basePath(document)
  return entriesOf(document['paths']).flatMap(([template, item]) => {
    const [path = '', anchor] = template.split('#')
    const parts = (base + path).split('/')
    const pattern = templatePattern(base + path)
    return methods.flatMap((method): readonly Operation[] => {
      const node = isNode(item) ? item[method] : undefined
      if (!isNode(item) || !isNode(node)) return []
      return [
        {
          name: `${method.toUpperCase()} ${base + path}`,
          method: method.toUpperCase(),
          pattern,
          parameterNames: [...(base + path).matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name),
          literals: parts.filter((part) => !part.includes('{')).length,
          isVariant: anchor !== undefined,
          parameters: [...listOf(item['parameters']), ...listOf(node['parameters'])].flatMap(
            (entry): readonly Node[] => {
              const parameter = resolveReference(document, entry)
              return parameter ? [parameter] : []
            },
          ),
          node,
        },
      ]
    })
  })
}

/** The operations that a request may be: the most literal paths, several when a path is described in variants. */
export function findOperations(
  operations: readonly Operation[],
  method: string,
  path: string,
): readonly Operation[] {
  const found = operations.filter((operation) => operation.method === method && operation.pattern.test(path))
  const most = Math.max(...found.map(({ literals }) => literals))
  return found.filter(({ literals }) => literals === most)
}

/** The media type's entry: the very one, without its parameters, or any JSON for JSON. */
export function mediaOf(document: Node, holder: unknown, type: string): Node | 'undescribed' | undefined {
  const content = resolveReference(document, holder)?.['content']
  if (!isNode(content) || Object.keys(content).length === 0) return undefined
  const bare = type.split(';')[0]?.trim() ?? ''
  const json = Object.keys(content).find((name) => name.includes('json'))
  const media =
    content[type] ?? content[bare] ?? (bare.includes('json') && json ? content[json] : content['*/*'])
  return isNode(media) ? media : 'undescribed'
}

/** `default` describes errors in these documents, never a success; a part of a batch may fail (207). */
export function responseOf(operation: Operation, status: number): unknown {
  const responses = isNode(operation.node['responses']) ? operation.node['responses'] : {}
  const ofClass = responses[`${Math.floor(status / 100)}XX`]
  const partial = status === 207 ? responses['200'] : undefined
  return responses[String(status)] ?? ofClass ?? partial ?? (status >= 400 ? responses['default'] : undefined)
}

function basePath(document: Node): string {
  const [server] = listOf(document['servers'])
  const url = isNode(server) && typeof server['url'] === 'string' ? server['url'] : '/'
  return new URL(url.replaceAll(/\{[^}]*\}/g, 'x'), 'http://localhost').pathname.replace(/\/$/, '')
}
/** `/a/{b}` as a pattern with a group for each parameter. */
export function templatePattern(template: string): RegExp {
  const pieces = template
    .split(/(\{[^}]*\})/)
    .map((piece) =>
      piece.startsWith('{') ? '([^/]+)' : piece.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`),
    )
  return new RegExp(`^${pieces.join('')}$`)
}
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  isNode(value) ? Object.entries(value) : []
