import type { SimReply, SimRequest } from '../../core/index.ts'
import { isObject, readBody, readFields, readJson, readLimit, type JsonObject } from '../body.ts'
import { invalid, notFound } from '../errors.ts'
import {
  addEventDefinition,
  addEventProperty,
  findEventDefinition,
  showEventDefinition,
} from '../event-definitions.ts'
import { defaultProperties, nameFromLabel, readEventProperty } from '../event-properties.ts'
import { hubspotSizes } from '../limits.ts'
import type { Portal } from '../portal.ts'
import type { RouteRow } from '../route-row.ts'
import type { StoredEventDefinition } from '../store.ts'

/** Definitions of custom events. Any hub must be Enterprise. */
export function eventDefinitionRoutes(portal: Portal): readonly RouteRow[] {
  const row = {
    resource: 'eventDefinitions',
    scopes: ['behavioral_events.event_definitions.read_write'],
    tier: 'enterprise',
  } as const
  return [
    { ...row, method: 'GET', path: '', handle: (request) => list(portal, request) },
    { ...row, method: 'POST', path: '', handle: (request) => create(portal, request) },
    {
      ...row,
      method: 'GET',
      path: '/{eventName}',
      handle: (request) => ({ status: 200, body: showEventDefinition(required(portal, request)) }),
    },
    { ...row, method: 'DELETE', path: '/{eventName}', handle: (request) => remove(portal, request) },
    {
      ...row,
      method: 'POST',
      path: '/{eventName}/property',
      handle: (request) => addProperty(portal, request),
    },
  ]
}

function required(portal: Portal, request: SimRequest): StoredEventDefinition {
  const definition = findEventDefinition(portal, request.params['eventName'] ?? '')
  if (definition === undefined)
    throw notFound(`Event definition ${request.params['eventName'] ?? ''} does not exist`)
  return definition
}

function list(portal: Portal, request: SimRequest): SimReply {
  const limit = readLimit(request, {
    normal: hubspotSizes.eventDefinitionPage,
    max: hubspotSizes.eventDefinitionPage,
  })
  const wanted = (request.query.get('searchString') ?? '').toLowerCase()
  const withProperties = request.query.get('includeProperties') !== 'false'
  const found = [...portal.store.eventDefinitions.values()].filter(
    (definition) => definition.name.includes(wanted) || definition.label.toLowerCase().includes(wanted),
  )
  const offset = Number(request.query.get('after') ?? 0)
  if (!Number.isInteger(offset) || offset < 0)
    throw invalid(`Invalid paging cursor: ${String(request.query.get('after'))}`)
  const page = found.slice(offset, offset + limit)
  const next = offset + page.length
  return {
    status: 200,
    body: {
      total: found.length,
      results: page.map((definition) => ({
        ...showEventDefinition(definition),
        ...(!withProperties && { properties: [] }),
      })),
      ...(next < found.length && { paging: { next: { after: String(next) } } }),
    },
  }
}

function create(portal: Portal, request: SimRequest): SimReply {
  const body = readBody(portal.account, request, {
    label: 'string',
    includeDefaultProperties: 'boolean',
    propertyDefinitions: 'array',
    name: 'string?',
    description: 'string?',
    primaryObject: 'string?',
    customMatchingId: 'object?',
  })
  const custom = body.propertyDefinitions.map((row) => {
    if (!isObject(row))
      throw invalid('Invalid input JSON on line 1, column 1: `propertyDefinitions` holds no objects')
    return readEventProperty(portal, row)
  })
  const matching = body.customMatchingId && readMatching(portal, body.customMatchingId)
  const definition = addEventDefinition(portal, {
    name: body.name ?? nameFromLabel(body.label),
    label: body.label,
    primaryObject: body.primaryObject ?? 'CONTACT',
    properties: [...(body.includeDefaultProperties ? defaultProperties(portal) : []), ...custom],
    ...(body.description !== undefined && { description: body.description }),
    ...(matching && { matching }),
  })
  return { status: 201, body: showEventDefinition(definition) }
}

function readMatching(portal: Portal, given: JsonObject): NonNullable<StoredEventDefinition['matching']> {
  const { primaryObjectRule } = readFields(
    portal.account,
    given,
    { primaryObjectRule: 'object' },
    'customMatchingId.',
  )
  return readFields(
    portal.account,
    primaryObjectRule,
    { eventPropertyName: 'string', targetObjectPropertyName: 'string' },
    'primaryObjectRule.',
  )
}

/** For good: the name can never be used again. */
function remove(portal: Portal, request: SimRequest): SimReply {
  const definition = required(portal, request)
  portal.store.eventDefinitions.delete(definition.fullyQualifiedName)
  portal.store.eventNames.delete(definition.name)
  portal.store.retiredEventNames.add(definition.name)
  return { status: 204 }
}

function addProperty(portal: Portal, request: SimRequest): SimReply {
  const definition = required(portal, request)
  const given = readJson(request)
  if (!isObject(given)) throw invalid('Invalid input JSON on line 1, column 1: the body is no object')
  const property = readEventProperty(portal, given)
  addEventProperty(definition, property)
  definition.updatedAtMs = portal.clock.now()
  return { status: 201, body: property }
}
