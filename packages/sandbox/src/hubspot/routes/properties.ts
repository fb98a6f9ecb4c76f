import type { SimReply, SimRequest } from '../../core/index.ts'
import { readBody, readFields } from '../body.ts'
import { invalid, notFound, Refusal, type ItemError } from '../errors.ts'
import { hubspotSizes } from '../limits.ts'
import { objectStore, type Portal } from '../portal.ts'
import {
  blankProperty,
  legalFieldTypes,
  type PropertyDefinition,
  type PropertyOption,
} from '../property-definitions.ts'
import { comparable } from '../records.ts'
import type { RouteRow } from '../route-row.ts'
import type { ObjectStore } from '../store.ts'
import { batchInputs, batchReply, itemError } from './batch.ts'
import { schemaScopes } from './object-scopes.ts'

/** Definitions of contact and company properties. */
export function propertyRoutes(portal: Portal): readonly RouteRow[] {
  const row = { resource: 'properties' } as const
  const [read, write] = [schemaScopes('read'), schemaScopes('write')]
  return [
    {
      ...row,
      method: 'GET',
      path: '/{objectType}',
      scopes: read,
      handle: (request) => list(portal, request),
    },
    {
      ...row,
      method: 'POST',
      path: '/{objectType}',
      scopes: write,
      handle: (request) => create(portal, request),
    },
    {
      ...row,
      method: 'GET',
      path: '/{objectType}/{propertyName}',
      scopes: read,
      handle: (request) => ({ status: 200, body: required(portal, request) }),
    },
    {
      ...row,
      method: 'PATCH',
      path: '/{objectType}/{propertyName}',
      scopes: write,
      handle: (request) => update(portal, request),
    },
    {
      ...row,
      method: 'DELETE',
      path: '/{objectType}/{propertyName}',
      scopes: write,
      handle: (request) => archive(portal, request),
    },
    {
      ...row,
      method: 'POST',
      path: '/{objectType}/batch/create',
      scopes: write,
      handle: (request) => createBatch(portal, request),
    },
    {
      ...row,
      method: 'POST',
      path: '/{objectType}/batch/read',
      scopes: read,
      handle: (request) => readBatch(portal, request),
    },
  ]
}

const typeOf = (portal: Portal, request: SimRequest): ObjectStore =>
  objectStore(portal, request.params['objectType'] ?? '')

/** All of them: HubSpot does not page properties. */
function list(portal: Portal, request: SimRequest): SimReply {
  const store = typeOf(portal, request)
  const rows = request.query.get('archived') === 'true' ? store.archivedProperties : store.properties
  return { status: 200, body: { results: [...rows.values()] } }
}

function required(portal: Portal, request: SimRequest): PropertyDefinition {
  const definition = typeOf(portal, request).properties.get(request.params['propertyName'] ?? '')
  if (definition === undefined)
    throw notFound(`Property ${request.params['propertyName'] ?? ''} does not exist`)
  return definition
}

const shape = {
  name: 'string',
  label: 'string',
  groupName: 'string',
  type: 'string',
  fieldType: 'string',
  description: 'string?',
  displayOrder: 'number?',
  hidden: 'boolean?',
  formField: 'boolean?',
  hasUniqueValue: 'boolean?',
  options: 'array?',
  calculationFormula: 'string?',
  externalOptions: 'boolean?',
  referencedObjectType: 'string?',
  dataSensitivity: 'string?',
} as const

/** Checks a definition against the account. @throws {Refusal} 400, or 409 when the name is taken. */
export function readDefinition(portal: Portal, store: ObjectStore, given: unknown): PropertyDefinition {
  const fields = readFields(portal.account, given, shape)
  if (!/^[a-z][a-z0-9_]*$/.test(fields.name) || fields.name.length > hubspotSizes.propertyNameChars)
    throw invalid(
      `Property name "${fields.name}" must start with a letter and hold lower-case letters, digits and underscores`,
    )
  if (store.properties.has(fields.name) || store.archivedProperties.has(fields.name))
    throw new Refusal(409, `A property named '${fields.name}' already exists.`, {
      category: 'OBJECT_ALREADY_EXISTS',
      subCategory: 'Properties.PROPERTY_NAME_EXISTS',
    })
  if (!store.groups.has(fields.groupName))
    throw invalid(`Property group "${fields.groupName}" does not exist`)
  if (!legalFieldTypes[fields.type]?.includes(fields.fieldType))
    throw invalid(`fieldType "${fields.fieldType}" is not allowed for type "${fields.type}"`)
  refuseOverLimit(portal, store, fields.hasUniqueValue === true)
  const at = portal.nowIso()
  const {
    name,
    label,
    groupName,
    type,
    fieldType,
    description,
    displayOrder,
    hidden,
    formField,
    hasUniqueValue,
  } = fields
  return {
    ...blankProperty,
    name,
    label,
    groupName,
    type,
    fieldType,
    options: readOptions(portal, type, fields.options ?? []),
    ...(description !== undefined && { description }),
    ...(displayOrder !== undefined && { displayOrder }),
    ...(hidden !== undefined && { hidden }),
    ...(formField !== undefined && { formField }),
    ...(hasUniqueValue !== undefined && { hasUniqueValue }),
    createdAt: at,
    updatedAt: at,
  }
}

function refuseOverLimit(portal: Portal, store: ObjectStore, unique: boolean): void {
  const custom = [...store.properties.values()].filter((definition) => !definition.hubspotDefined)
  const max =
    portal.account.tier === 'free' ? hubspotSizes.customPropertiesFree : hubspotSizes.customPropertiesPaid
  if (custom.length >= max)
    throw invalid(`You have reached the limit of ${max} custom properties for this object`, {
      category: 'LIMIT_EXCEEDED',
    })
  if (
    unique &&
    custom.filter((definition) => definition.hasUniqueValue).length >= hubspotSizes.uniqueProperties
  )
    throw invalid(
      `You have reached the limit of ${hubspotSizes.uniqueProperties} unique properties for this object`,
    )
}

export function readOptions(
  portal: Portal,
  type: string,
  options: readonly unknown[],
): readonly PropertyOption[] {
  const rows = options.map((option, index) => {
    const fields = readFields(
      portal.account,
      option,
      {
        label: 'string',
        value: 'string',
        hidden: 'boolean?',
        displayOrder: 'number?',
        description: 'string?',
      },
      'options.',
    )
    return { ...fields, hidden: fields.hidden ?? false, displayOrder: fields.displayOrder ?? index }
  })
  const values = new Set(rows.map((row) => row.value))
  if (values.size !== rows.length) throw invalid('Option values must be unique')
  if (rows.length > hubspotSizes.enumerationOptions)
    throw invalid(`No more than ${hubspotSizes.enumerationOptions} options`)
  if (type === 'bool' && !(rows.length === 2 && values.has('true') && values.has('false')))
    throw invalid('Boolean properties must have exactly two options: true and false')
  return rows
}

export function addDefinition(store: ObjectStore, definition: PropertyDefinition): void {
  store.properties.set(definition.name, definition)
  if (definition.hasUniqueValue) store.unique.set(definition.name, indexExisting(store, definition.name))
}
const indexExisting = (store: ObjectStore, name: string): Map<string, string> =>
  new Map(
    [...store.records.values()].flatMap((record) => {
      const value = record.properties[name]
      return value === undefined || record.archivedAtMs !== undefined
        ? []
        : [[comparable(name, value), record.id] as const]
    }),
  )

function create(portal: Portal, request: SimRequest): SimReply {
  const store = typeOf(portal, request)
  const definition = readDefinition(portal, store, readBody(portal.account, request, shape))
  addDefinition(store, definition)
  return { status: 201, body: definition }
}

const updateShape = {
  label: 'string?',
  groupName: 'string?',
  type: 'string?',
  fieldType: 'string?',
  description: 'string?',
  displayOrder: 'number?',
  hidden: 'boolean?',
  formField: 'boolean?',
  options: 'array?',
} as const

/** `name` and `hasUniqueValue` never change; `options` are replaced as a whole. */
function update(portal: Portal, request: SimRequest): SimReply {
  const store = typeOf(portal, request)
  const before = required(portal, request)
  const body = readBody(portal.account, request, updateShape)
  if (before.modificationMetadata.readOnlyDefinition)
    throw invalid(`Property ${before.name} is defined by HubSpot`)
  const { type = before.type, fieldType = before.fieldType } = body
  if (!legalFieldTypes[type]?.includes(fieldType)) throw invalid('fieldType is not allowed for this type')
  const options = body.options === undefined ? before.options : readOptions(portal, type, body.options)
  const after = { ...before, ...body, options, updatedAt: portal.nowIso() }
  store.properties.set(before.name, after)
  return { status: 200, body: after }
}

function archive(portal: Portal, request: SimRequest): SimReply {
  const store = typeOf(portal, request)
  const definition = required(portal, request)
  if (!definition.modificationMetadata.archivable)
    throw invalid(`Property ${definition.name} cannot be archived`)
  store.properties.delete(definition.name)
  store.unique.delete(definition.name)
  store.archivedProperties.set(definition.name, { ...definition, archived: true })
  return { status: 204 }
}

function createBatch(portal: Portal, request: SimRequest): SimReply {
  const store = typeOf(portal, request)
  const body = readBody(portal.account, request, { inputs: 'array?' })
  const results: object[] = []
  const errors: ItemError[] = []
  for (const row of batchInputs(body.inputs)) {
    try {
      const definition = readDefinition(portal, store, row)
      addDefinition(store, definition)
      results.push(definition)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      errors.push(itemError(error, { name: [String(row['name'])] }))
    }
  }
  return batchReply(portal, results, errors)
}

function readBatch(portal: Portal, request: SimRequest): SimReply {
  const store = typeOf(portal, request)
  const body = readBody(portal.account, request, {
    inputs: 'array?',
    archived: 'boolean?',
    dataSensitivity: 'string?',
  })
  const names = batchInputs(body.inputs).map(
    (row) => readFields(portal.account, row, { name: 'string' }, 'inputs.').name,
  )
  const missing = names.filter((name) => !store.properties.has(name))
  const error = {
    category: 'OBJECT_NOT_FOUND',
    message: 'Could not get some properties',
    context: { name: missing },
  }
  return batchReply(
    portal,
    names.flatMap((name) => store.properties.get(name) ?? []),
    missing.length > 0 ? [error] : [],
  )
}
