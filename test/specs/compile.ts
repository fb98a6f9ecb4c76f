import { Ajv, type ErrorObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormatsModule from 'ajv-formats'
import { isNode, mapValues, schemaIds, toJsonSchema, type Dialect, type Node } from './json-schema.ts'

/** What is wrong with a value; empty when nothing is. */
export type Check = (value: unknown) => readonly string[]
export type Compile = (schema: unknown) => Check

/** Compiles schemas of a document on first use: all of them at once would take seconds. */
export function createCompiler(document: Node, strict: boolean): Compile {
  const ajv = createAjv(document)
  const components = isNode(document['components']) ? document['components'] : {}
  const schemas = isNode(components['schemas']) ? components['schemas'] : {}
  for (const [name, $id] of Object.entries(schemaIds)) {
    const dialect: Dialect = { document, strict: name === 'closed' }
    const made = mapValues(schemas, (schema) => toJsonSchema(schema, dialect))
    ajv.addSchema({ $id, components: { schemas: made } })
  }
  const compiled = new Map<unknown, Check>()
  return (schema) => {
    const known = compiled.get(schema)
    if (known) return known
    const validate = ajv.compile(toJsonSchema(schema, { document, strict }) as object)
    const check: Check = (value) =>
      validate(value) ? [] : [...new Set((validate.errors ?? []).filter(isTelling).map(describe))]
    compiled.set(schema, check)
    return check
  }
}

function createAjv(document: Node): Ajv | Ajv2020 {
  const Class = String(document['openapi']).startsWith('3.1') ? Ajv2020 : Ajv
  const ajv = new Class({ strict: false, allErrors: true, logger: false, validateSchema: false })
  // The module's types describe its CommonJS form, in which the function is one level deeper.
  const addFormats = addFormatsModule as unknown as (instance: object) => void
  addFormats(ajv)
  for (const format of ['int32', 'int64', 'float', 'double']) ajv.addFormat(format, true)
  return ajv
}

/** `if` only repeats what its `then` found. */
const isTelling = ({ keyword }: ErrorObject): boolean => keyword !== 'if'

function describe({ instancePath, message = '', params }: ErrorObject): string {
  const given: unknown = params
  const { additionalProperty, allowedValues } = isNode(given) ? given : {}
  const values = Array.isArray(allowedValues) ? allowedValues.slice(0, 8).join(' | ') : ''
  const more = typeof additionalProperty === 'string' ? additionalProperty : values
  const place = instancePath.replaceAll(/\/\d+(?=\/|$)/g, '/*') || '/'
  return `${place} ${message} ${more}`.trim()
}
