import type { Operation, Session, Verdict } from '@tripline/kit'
import type { Ability } from '@tripline/model'
import type { AttributeDefinitions } from './attribute-definitions.ts'
import type { ContactChange, Contacts } from './contacts.ts'
import { unknownAttribute } from './mapping/profiles.ts'

/** A write of one person; several of one wave are folded into one. */
export interface ContactWrite extends ContactChange {
  readonly person: string
  /** Items that it stands for. */
  readonly items: number
}

/** How many people we remember whose writes must not be folded. */
const maxApart = 1_000

/** Creates or updates contacts. What one item does wrong must not cost the others that were folded with it. */
export function createContactOperation(
  contacts: Contacts,
  definitions: AttributeDefinitions,
  ability: Ability,
): Operation<ContactWrite> {
  const apart = new Set<string>()
  return {
    endpoint: 'PUT /contacts/{contact_id}',
    ability,
    repeat: 'natural',
    maxItems: 1,
    maxBytes: Infinity,
    frameBytes: 0,
    parallel: 16,
    foldOf: ({ person }) => (apart.has(person) ? undefined : person),
    fold: (earlier, later) => ({
      ...later,
      fields: { ...earlier.fields, ...later.fields },
      custom: { ...earlier.custom, ...later.custom },
      items: earlier.items + later.items,
    }),
    async send({ values: [value] }, session) {
      if (!value) return { kind: 'verdicts', verdicts: [] }
      const outcome = await contacts.write(value, session, ability)
      if (outcome.status !== 'dead') {
        if (outcome.status === 'sent') apart.delete(value.person)
        return { kind: 'verdicts', verdicts: [{ outcome }] }
      }
      const named = nameAttribute(outcome)
      if (named !== outcome) await definitions.forget('contact', session)
      if (value.items > 1 && outcome.fault.code === 'invalid')
        return { kind: 'verdicts', verdicts: [{ outcome: unfold(value.person, outcome, apart, session) }] }
      return { kind: 'verdicts', verdicts: [{ outcome: named }] }
    },
  }
}

/** Refused for one of several items, and nobody can tell which: next time each of them leaves alone. */
function unfold(
  person: string,
  { fault }: Extract<Verdict['outcome'], { status: 'dead' }>,
  apart: Set<string>,
  session: Session,
): Verdict['outcome'] {
  if (apart.size >= maxApart) apart.clear()
  apart.add(person)
  const message = `${fault.message} (one of several writes of this person: deliver again, and each is sent alone)`
  return {
    status: 'retry',
    fault: { ...fault, message },
    notBefore: new Date(session.clock.now()).toISOString(),
  }
}

/** `Custom attribute 'x' does not exist`: found out only from the answer where the definitions could not be read. */
export function nameAttribute(outcome: Extract<Verdict['outcome'], { status: 'dead' }>): Verdict['outcome'] {
  const name = /custom attribute '(.+?)' does not exist/i.exec(outcome.fault.message)?.[1]
  if (name === undefined) return outcome
  return {
    status: 'dead',
    fault: { ...outcome.fault, message: unknownAttribute(name), path: `set.${name}` },
  }
}
