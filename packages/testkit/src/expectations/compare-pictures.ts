import type { Value, Values } from '@tripline/model'
import { canonicalText } from './canonical-text.ts'
import type { EventCount, Picture } from './picture.ts'
import { eventText } from './picture-builder.ts'

export interface Difference {
  /** About whom, as in `Picture.facts`. */
  readonly person: string
  /** What differs: an attribute, or an event with its time and property. */
  readonly what: string
  /** Undefined: it must not be there. */
  readonly expected: Value | undefined
  /** Undefined: it is not there. */
  readonly found: Value | undefined
}
export interface Comparison {
  readonly isEqual: boolean
  /** The first ones. */
  readonly differences: readonly Difference[]
  /** All of them. */
  readonly total: number
  /** Compared: events that must be there at least, events found, facts on either side. */
  readonly counts: { readonly eventsExpected: number; readonly eventsFound: number; readonly facts: number }
}

/**
 * Compares what must be stored with what is. Linear in the number of events and facts.
 * @param maxDifferences how many are listed; all are counted @default 100
 * @example comparePictures(expectBraze(delivered), observeBraze(sandbox.inspect())).isEqual
 */
export function comparePictures(expected: Picture, observed: Picture, maxDifferences = 100): Comparison {
  const differences: Difference[] = []
  let total = 0
  const report = (difference: Difference): void => {
    total++
    if (differences.length < maxDifferences) differences.push(difference)
  }
  compareEvents(expected, observed, report)
  const facts = compareFacts(expected, observed, report)
  const counts = { eventsExpected: 0, eventsFound: 0, facts }
  for (const { least } of expected.events.values()) counts.eventsExpected += least
  for (const { least } of observed.events.values()) counts.eventsFound += least
  return { isEqual: total === 0, differences, total, counts }
}
type Report = (difference: Difference) => void

function compareEvents(expected: Picture, observed: Picture, report: Report): void {
  const missing: EventCount[] = []
  const extra: EventCount[] = []
  for (const [text, { event, least, most }] of expected.events) {
    const found = observed.events.get(text)?.least ?? 0
    if (found < least) missing.push({ event, least: least - found, most: most - found })
    else if (found > most) extra.push({ event, least: found - most, most: 0 })
    else if (found === 0 && most > 0) missing.push({ event, least: 0, most })
  }
  for (const [text, count] of observed.events) if (!expected.events.has(text)) extra.push(count)
  pair(missing, extra, report)
}

/** An event that is missing and one too many of the same person, name and time are one event that differs. */
function pair(missing: readonly EventCount[], extra: readonly EventCount[], report: Report): void {
  const left = new Map<string, { count: EventCount; least: number }[]>()
  for (const count of extra) {
    const entry = { count, least: count.least }
    for (const key of new Set([keyOf(count, count.event.at), keyOf(count, undefined)])) {
      const known = left.get(key)
      if (known) known.push(entry)
      else left.set(key, [entry])
    }
  }
  for (const wanted of missing) {
    const candidates = (left.get(keyOf(wanted, wanted.event.at)) ?? []).filter(({ least }) => least > 0)
    let { least, most } = wanted
    if (wanted.event.at === undefined) {
      // The time is that of arrival: everything else must fit.
      const text = eventText(wanted.event)
      for (const candidate of candidates) {
        if (eventText({ ...candidate.count.event, at: undefined }) !== text) continue
        const taken = Math.min(candidate.least, most)
        candidate.least -= taken
        least -= taken
        most -= taken
      }
    }
    for (const candidate of candidates) {
      const taken = Math.min(candidate.least, least)
      if (taken <= 0) continue
      candidate.least -= taken
      least -= taken
      for (let time = 0; time < taken; time++) reportProperties(wanted, candidate.count, report)
    }
    for (; least > 0; least--) report(eventDifference(wanted, wanted.event.properties, undefined))
  }
  for (const count of extra) {
    const entries = left.get(keyOf(count, count.event.at)) ?? []
    let least = entries.find((entry) => entry.count === count)?.least ?? 0
    for (; least > 0; least--) report(eventDifference(count, undefined, count.event.properties))
  }
}
const keyOf = ({ event }: EventCount, at: string | undefined): string =>
  JSON.stringify([event.person, event.name, at ?? '*'])
const titleOf = ({ event }: EventCount): string => `event "${event.name}" at ${event.at ?? 'arrival'}`
const eventDifference = (
  count: EventCount,
  expected: Values | undefined,
  found: Values | undefined,
): Difference => ({ person: count.event.person, what: titleOf(count), expected, found })

function reportProperties(wanted: EventCount, found: EventCount, report: Report): void {
  const [should, is] = [wanted.event.properties, found.event.properties]
  for (const name of new Set([...Object.keys(should), ...Object.keys(is)]))
    if (canonicalText(should[name] ?? null) !== canonicalText(is[name] ?? null))
      report({
        person: wanted.event.person,
        what: `${titleOf(wanted)}: ${name}`,
        expected: should[name],
        found: is[name],
      })
}

function compareFacts(expected: Picture, observed: Picture, report: Report): number {
  let compared = 0
  const nobody: ReadonlyMap<string, readonly Value[]> = new Map()
  for (const person of new Set([...expected.facts.keys(), ...observed.facts.keys()])) {
    const should = expected.facts.get(person) ?? nobody
    const is = observed.facts.get(person) ?? nobody
    for (const what of new Set([...should.keys(), ...is.keys()])) {
      compared++
      const found = is.get(what)?.at(0) ?? null
      const allowed = should.get(what) ?? [null]
      const text = canonicalText(found)
      if (!allowed.some((value) => canonicalText(value) === text))
        report({ person, what, expected: allowed.at(-1) ?? undefined, found: found ?? undefined })
    }
  }
  return compared
}
