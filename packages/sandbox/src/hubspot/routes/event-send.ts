import type { SimReply, SimRequest } from '../../core/index.ts'
import { readBody, readFields, readJson, type JsonObject } from '../body.ts'
import { invalid } from '../errors.ts'
import { acceptEvent, type AcceptedEvent } from '../events.ts'
import { hubspotSizes } from '../limits.ts'
import type { Portal } from '../portal.ts'
import { readInstant } from '../property-values.ts'
import { comparable } from '../records.ts'
import type { RouteRow } from '../route-row.ts'
import { batchInputs } from './batch.ts'

/** Custom events: accepted with 204, processed later, and what could not be used is lost with no word. */
export function eventSendRoutes(portal: Portal): readonly RouteRow[] {
  const row = {
    resource: 'eventSend',
    method: 'POST',
    scopes: ['analytics.behavioral_events.send'],
    tier: 'enterprise',
    limit: 'events',
  } as const
  return [
    { ...row, path: '', handle: (request) => send(portal, [readJson(request)]) },
    { ...row, path: '/batch', handle: (request) => sendBatch(portal, request) },
  ]
}

function sendBatch(portal: Portal, request: SimRequest): SimReply {
  const body = readBody(portal.account, request, { inputs: 'array' })
  return send(portal, batchInputs(body.inputs, hubspotSizes.eventBatch))
}

/** One malformed event fails the whole call, and nothing of it is kept. */
function send(portal: Portal, events: readonly unknown[]): SimReply {
  const accepted = events.map((event) => readEvent(portal, event))
  for (const event of accepted) acceptEvent(portal, event)
  return { status: 204 }
}

const shape = {
  eventName: 'string',
  properties: 'object',
  email: 'string?',
  objectId: 'string?',
  utk: 'string?',
  occurredAt: 'string?',
  uuid: 'string?',
} as const

function readEvent(portal: Portal, given: unknown): AcceptedEvent {
  const fields = readFields(portal.account, given, shape)
  const definition = portal.store.eventDefinitions.get(fields.eventName)
  if (definition === undefined) throw invalid(`Event definition with name ${fields.eventName} does not exist`)
  const { email, objectId, utk, uuid } = fields
  const matched =
    definition.matching !== undefined &&
    fields.properties[definition.matching.eventPropertyName] !== undefined
  if (email === undefined && objectId === undefined && utk === undefined && !matched)
    throw invalid('One of email, objectId or utk must be set')
  return {
    definition,
    properties: readProperties(portal, fields.properties),
    occurredAtMs: readOccurredAt(portal, fields.occurredAt),
    ...(email !== undefined && { email: comparable('email', email) }),
    ...(objectId !== undefined && { objectId }),
    ...(utk !== undefined && { utk }),
    ...(uuid !== undefined && { uuid }),
  }
}

function readProperties(portal: Portal, properties: JsonObject): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'string') texts[name] = value
    else if (
      portal.account.nonStringValues === 'coerced' &&
      (typeof value === 'number' || typeof value === 'boolean')
    )
      texts[name] = String(value)
    else
      throw invalid(
        `Invalid input JSON on line 1, column 1: Cannot deserialize value of \`properties.${name}\``,
      )
  }
  return texts
}

function readOccurredAt(portal: Portal, text: string | undefined): number {
  const now = portal.clock.now()
  if (text === undefined) return now
  const atMs = /T/.test(text) ? readInstant(text) : undefined
  if (atMs === undefined)
    throw invalid('Invalid input JSON on line 1, column 1: Cannot deserialize value of `occurredAt`')
  if (atMs > now && portal.account.futureEvents === 'refused')
    throw invalid('occurredAt must not be in the future')
  return atMs
}
