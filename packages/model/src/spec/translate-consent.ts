import type { ConsentItem, Item } from '../item.ts'
import type { Values } from '../value.ts'
import { type Fields, isPlainObject } from './clean-value.ts'
import type { Draft } from './draft.ts'
import { laneOf, readKey, withTraits } from './envelope.ts'
import { addMistake } from './mistake.ts'
import { memberPath } from './path.ts'

/**
 * The track event that records an act of consent; it must carry `context.consent.categoryPreferences`.
 * @see https://segment.com/docs/privacy/consent-management/consent-in-unify/
 */
export const consentEvent = 'Segment Consent Preference Updated'

const preferencesPath = 'context.consent.categoryPreferences'

/**
 * The consent event → one consent item for each category named. Categories that are not named stay as they are, also
 * where Segment itself reads a missing one as `false`: no record is unknown. Properties of the event are not kept, and
 * that is noted.
 */
export function readConsent(draft: Draft, properties: Values): readonly Item[] {
  const { at, context, options, findings } = draft
  const preferences = readPreferences(draft)
  if (preferences === undefined) return []
  if (Object.keys(properties).length > 0) {
    const because = 'an act of consent keeps its categories only'
    findings.notes.push({ path: 'properties', kind: 'dropped', because })
  }
  const key = readKey(draft.message, at, findings)
  const who = withTraits(draft.who, context?.['traits'], options)
  const lane = laneOf(who, options)
  const items: ConsentItem[] = []
  for (const [category, granted] of Object.entries(preferences)) {
    const meaning = options.consentOf === undefined ? { channel: category } : options.consentOf(category)
    if (meaning === undefined) {
      const because = 'the category stands for no channel (consentOf)'
      findings.notes.push({ path: memberPath(preferencesPath, category), kind: 'dropped', because })
      continue
    }
    const state = granted === true ? 'granted' : 'denied'
    items.push({ kind: 'consent', key: `${key}#consent:${category}`, lane, at, who, ...meaning, state })
  }
  return items
}

function readPreferences(draft: Draft): Fields | undefined {
  let place: unknown = draft.message
  let path = ''
  for (const name of ['context', 'consent', 'categoryPreferences']) {
    place = (place as Fields)[name]
    path = memberPath(path, name)
    if (isPlainObject(place)) continue
    const problem = place === undefined || place === null ? 'is missing' : 'is no plain object'
    const message = `${problem}; ${consentEvent} must carry ${preferencesPath}`
    addMistake(draft.findings, { path, message, allowed: ['object'] })
    return undefined
  }
  checkPreferences(place as Fields, draft)
  return place as Fields
}

function checkPreferences(preferences: Fields, draft: Draft): void {
  const entries = Object.entries(preferences)
  if (entries.length === 0) {
    const because = 'names no category, so it records no act of consent'
    draft.findings.notes.push({ path: preferencesPath, kind: 'dropped', because })
  }
  for (const [category, granted] of entries) {
    if (typeof granted === 'boolean') continue
    const path = memberPath(preferencesPath, category)
    addMistake(draft.findings, { path, message: 'is no boolean', allowed: ['true', 'false'] })
  }
}
