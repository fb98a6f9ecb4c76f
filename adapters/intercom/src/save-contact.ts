import type { Operation, Session } from '@tripline/kit'
import type { Ability, Loss } from '@tripline/model'
import type { AttributeDefinitions } from './attribute-definitions.ts'
import type { ContactChange, Contacts } from './contacts.ts'
import { unknownAttribute } from './mapping/profiles.ts'
import type { IntercomOptions } from './options.ts'
import { sentNothing, sentOne, type Outcome } from './outcomes.ts'

/** A write of one person; several of one wave are folded into one. */
export interface ContactWrite extends ContactChange {
  readonly person: string
  /** Items that it stands for. */
  readonly items: number
}

/** How many people we remember whose writes must not be folded. */
const maxApart = 1_000

/**
 * Where the account wants unknown attributes dropped and their definitions could not be read: Intercom names one in each
 * refusal.
 */
async function writeWhatFits(
  contacts: Contacts,
  value: ContactWrite,
  options: IntercomOptions,
  session: Session,
  ability: Ability,
): Promise<{ readonly outcome: Outcome; readonly losses: readonly Loss[] }> {
  let { custom } = value
  const losses: Loss[] = []
  for (;;) {
    const outcome = await contacts.write({ ...value, custom }, session, ability)
    const name = missingAttribute(outcome)
    if (options.unknownAttributes !== 'drop' || name === undefined || !(name in custom))
      return { outcome, losses }
    const { [name]: _, ...rest } = custom
    custom = rest
    losses.push({ path: `set.${name}`, kind: 'dropped', because: unknownAttribute(name), source })
  }
}
const source = 'intercom/Intercom-OpenAPI:descriptions/2.16/api.intercom.io.yaml PUT /contacts/{contact_id}'
const missingAttribute = (outcome: Outcome): string | undefined =>
  outcome.status === 'dead'
    ? /custom attribute '(.+?)' does not exist/i.exec(outcome.fault.message)?.[1]
    : undefined

/** Creates or updates contacts. What one item does wrong must not cost the others that were folded with it. */
export function createContactOperation(
  options: IntercomOptions,
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
      if (!value) return sentNothing
      const { outcome, losses } = await writeWhatFits(contacts, value, options, session, ability)
      if (losses.length > 0 && outcome.status !== 'retry')
        return { kind: 'verdicts', verdicts: [{ outcome, losses }] }
      if (outcome.status !== 'dead') {
        if (outcome.status === 'sent') apart.delete(value.person)
        return sentOne(outcome)
      }
      const named = nameAttribute(outcome)
      if (named !== outcome) await definitions.forget('contact', session)
      if (value.items > 1 && outcome.fault.code === 'invalid')
        return sentOne(unfold(value.person, outcome, apart))
      return sentOne(named)
    },
  }
}

/** Refused for one of several items, and nobody can tell which: next time each of them leaves alone. */
function unfold(
  person: string,
  { fault }: Extract<Outcome, { status: 'dead' }>,
  apart: Set<string>,
): Outcome {
  if (apart.size >= maxApart) apart.clear()
  apart.add(person)
  const message = `${fault.message} (one of several writes of this person: deliver again, and each is sent alone)`
  return { status: 'retry', fault: { ...fault, message } }
}

/** `Custom attribute 'x' does not exist`: found out only from the answer where the definitions could not be read. */
export function nameAttribute(outcome: Extract<Outcome, { status: 'dead' }>): Outcome {
  const name = missingAttribute(outcome)
  if (name === undefined) return outcome
  return {
    status: 'dead',
    fault: { ...outcome.fault, message: unknownAttribute(name), path: `set.${name}` },
  }
}
