import type { Compile } from './compile.ts'
import { isNode, resolveReference, type Node } from './json-schema.ts'
import type { Operation } from './operations.ts'

interface Given {
  readonly document: Node
  readonly compile: Compile
  /** Names that are not described are refused. */
  readonly strict: boolean
}

/** Presence and type of what stands in the path and behind it. Headers are not checked. */
export function checkParameters(
  operation: Operation,
  path: string,
  query: URLSearchParams,
  { document, compile, strict }: Given,
): readonly string[] {
  const inPath = operation.pattern.exec(path)?.slice(1) ?? []
  const described = new Set<string>()
  const wrong = operation.parameters.flatMap((parameter): readonly string[] => {
    const name = String(parameter['name'])
    const { schema } = parameter
    const position = operation.parameterNames.indexOf(name)
    if (parameter['in'] === 'path' && position !== -1) {
      const text = decodeURIComponent(inPath[position] ?? '')
      return checkValue(`path ${name}`, coerce(document, schema, [text]), schema, compile)
    }
    if (parameter['in'] !== 'query') return []
    described.add(name)
    const value = readQuery(document, name, schema, query)
    if (value === undefined) return parameter['required'] === true ? [`query ${name} is missing`] : []
    return checkValue(`query ${name}`, value, schema, compile)
  })
  const names = new Set([...query.keys()].map((name) => name.replace(/\[.*$/, '')))
  const unknown = strict ? [...names].filter((name) => !described.has(name)) : []
  return [...wrong, ...unknown.map((name) => `query ${name} is not described`)]
}

function checkValue(where: string, value: unknown, schema: unknown, compile: Compile): readonly string[] {
  if (!isNode(schema)) return []
  return compile(schema)(value).map((what) => `${where} ${what}`.replace(' / ', ' '))
}

/** `name=…`, repeated for lists, or `name[field]=…` for objects. */
function readQuery(document: Node, name: string, schema: unknown, query: URLSearchParams): unknown {
  const list = query.getAll(name)
  if (list.length > 0) return coerce(document, schema, list)
  const properties = resolveReference(document, schema)?.['properties']
  const fields = [...query].flatMap(([key, text]) => {
    const [, field] = /^[^[]+\[([^\]]+)\]$/.exec(key) ?? []
    if (field === undefined || !key.startsWith(`${name}[`)) return []
    return [[field, coerce(document, isNode(properties) ? properties[field] : {}, [text])] as const]
  })
  return fields.length > 0 ? Object.fromEntries(fields) : undefined
}

/** Text as a value of the schema's type, as far as it is one. */
export function coerce(document: Node, schema: unknown, list: readonly string[]): unknown {
  const resolved = resolveReference(document, schema) ?? {}
  const [text = ''] = list
  switch (resolved['type']) {
    case 'integer':
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text
    case 'array': {
      const entries = list.length === 1 ? splitList(text) : list
      return entries.map((entry) =>
        typeof entry === 'string' ? coerce(document, resolved['items'], [entry]) : entry,
      )
    }
    default:
      return text
  }
}

/** A list in one text: as JSON or between commas. */
function splitList(text: string): readonly unknown[] {
  if (!text.startsWith('[')) return text.split(',')
  const list: unknown = JSON.parse(text)
  return Array.isArray(list) ? list : [text]
}
