import type { Item } from '../item.ts'
import type { Values } from '../value.ts'
import { checkCommerce } from './check-commerce.ts'
import { type CommerceEvent, commerceEvents } from './commerce-events.ts'
import type { Draft } from './draft.ts'
import { laneOf, readKey, readValuesOrNone, withTraits } from './envelope.ts'
import { addMistake } from './mistake.ts'
import { consentEvent, readConsent } from './translate-consent.ts'

function eventItems(
  draft: Draft,
  type: 'track' | 'page' | 'screen',
  event: string,
  properties: Values,
): readonly Item[] {
  const { at, context, options } = draft
  const key = readKey(draft.message, at, draft.findings)
  const who = withTraits(draft.who, context?.['traits'], options)
  const canonical = context === undefined ? { type, event, properties } : { type, event, properties, context }
  return [{ kind: 'event', key, lane: laneOf(who, options), at, who, event: canonical }]
}

/** `track` → one event item, or consent items. */
export function readTrack(draft: Draft): readonly Item[] {
  const { message, findings } = draft
  const { event } = message
  const properties = readValuesOrNone(message, 'properties', findings)
  if (typeof event !== 'string' || event === '') {
    const problem = event === '' ? 'is empty' : event === undefined ? 'is missing' : 'is not text'
    addMistake(findings, { path: 'event', message: problem, allowed: ['text'] })
    return eventItems(draft, 'track', '', properties)
  }
  if (event === consentEvent) return readConsent(draft, properties)
  if (!Object.hasOwn(commerceEvents, event)) return eventItems(draft, 'track', event, properties)
  const row = commerceEvents[event as CommerceEvent]
  const coerce = draft.options.coerceNumbers === true
  return eventItems(draft, 'track', event, checkCommerce(properties, row, coerce, findings))
}

/** `page` and `screen` → one event item with the page's name; a top-level `category` joins the properties. */
export function readPage(draft: Draft): readonly Item[] {
  const { message, findings } = draft
  const properties = readValuesOrNone(message, 'properties', findings)
  const name = readText(draft, 'name') ?? properties['name']
  const category = readText(draft, 'category')
  const event = typeof name === 'string' ? name : ''
  const type = draft.type === 'page' ? 'page' : 'screen'
  if (category === undefined) return eventItems(draft, type, event, properties)
  const own = properties['category']
  if (own === undefined) return eventItems(draft, type, event, { ...properties, category })
  if (own !== category) {
    const because = 'properties.category says something else and is kept'
    findings.notes.push({ path: 'category', kind: 'dropped', because })
  }
  return eventItems(draft, type, event, properties)
}

function readText(draft: Draft, field: 'name' | 'category'): string | undefined {
  const value = draft.message[field]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  addMistake(draft.findings, { path: field, message: 'is not text', allowed: ['text'] })
  return undefined
}
