import type { Value } from '@tripline/model'
import { canonicalText } from './canonical-text.ts'
import type { Certainty } from './certainty.ts'
import type { EventCount, Picture, PictureEvent } from './picture.ts'

export interface PictureBuilder {
  addEvent(event: PictureEvent, certainty?: Certainty): void
  /** Values that may be there; null is absent. */
  setFact(person: string, what: string, values: readonly Value[]): void
  build(): Picture
}
const once: Certainty = { least: 1, most: 1 }

export function createPictureBuilder(vendor: string): PictureBuilder {
  const events = new Map<string, EventCount>()
  const facts = new Map<string, Map<string, readonly Value[]>>()
  return {
    addEvent(event, { least, most } = once) {
      const text = eventText(event)
      const known = events.get(text)
      events.set(
        text,
        known
          ? { event: known.event, least: known.least + least, most: known.most + most }
          : { event, least, most },
      )
    },
    setFact(person, what, values) {
      let about = facts.get(person)
      if (!about) facts.set(person, (about = new Map<string, readonly Value[]>()))
      about.set(what, values)
    },
    build: () => ({ vendor, events, facts }),
  }
}

export const eventText = ({ person, name, at, properties }: PictureEvent): string =>
  `${JSON.stringify([person, name, at ?? '*'])}${canonicalText(properties)}`
